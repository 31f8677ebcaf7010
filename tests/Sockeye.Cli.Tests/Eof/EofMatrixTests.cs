using Sockeye.Cli.Tests.Programs;

namespace Sockeye.Cli.Tests.Eof;

/// <summary>
/// The end of a direction, in all of its 24 cells, with the built program between its standard streams and a peer. The table is printed when the
/// last cell of a transport is done.
/// </summary>
public abstract class EofMatrixTests(EofMatrixFixture fixture, Func<EofTransport> createTransport)
{
    /// <summary>Only a cell that fails waits so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<EofRole, EofDirection, OtherDirection, EofQuestion> Cells
    {
        get
        {
            TheoryData<EofRole, EofDirection, OtherDirection, EofQuestion> cells = [];
            foreach (EofCell cell in EofCell.All)
                cells.Add(cell.Role, cell.Direction, cell.Other, cell.Question);
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task EofMatrix(EofRole role, EofDirection direction, OtherDirection other, EofQuestion question)
    {
        EofCell cell = new(role, direction, other, question);
        using EofTransport transport = createTransport();

        Assert.SkipUnless(other != OtherDirection.Full || EofKernel.KnowsSockets, "ss, of the package iproute2, tells what is full.");
        string? fault = await EofRun.FindFaultAsync(cell, SockeyeProcess.EofSubject, transport, Patience);

        fixture.Add(transport.Name, cell, fault is null);
        Assert.Null(fault);
    }
}

/// <summary>Over TCP.</summary>
public sealed class EofMatrixTcpTests(EofMatrixFixture fixture) : EofMatrixTests(fixture, EofTransport.Tcp), IClassFixture<EofMatrixFixture>;

/// <summary>Over Unix sockets.</summary>
public sealed class EofMatrixUnixTests(EofMatrixFixture fixture) : EofMatrixTests(fixture, EofTransport.Unix), IClassFixture<EofMatrixFixture>;

/// <summary>Over TLS.</summary>
public sealed class EofMatrixTlsTests(EofMatrixFixture fixture) : EofMatrixTests(fixture, EofTransport.Tls), IClassFixture<EofMatrixFixture>;

/// <summary>Over WebSockets, in bytes mode.</summary>
public sealed class EofMatrixWebSocketTests(EofMatrixFixture fixture) : EofMatrixTests(fixture, EofTransport.WebSocket), IClassFixture<EofMatrixFixture>;

/// <summary>Over WebSockets over TLS, in bytes mode.</summary>
public sealed class EofMatrixSecureWebSocketTests(EofMatrixFixture fixture) : EofMatrixTests(fixture, EofTransport.SecureWebSocket), IClassFixture<EofMatrixFixture>;
