using Sockeye.Hub.Tests;
using Sockeye.Hub.Tests.Children;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// What the SDK generates for a test program, and the processes that tests start.
return args switch
{
    [StoreChild.Append, var file, var resend] => await StoreChild.AppendAsync(file, resend),
    [StoreChild.OneByOne, var file, var count] => await StoreChild.OneByOneAsync(file, int.Parse(count)),
    [StoreChild.FillDisk, var directory] => await StoreChild.FillDiskAsync(directory),
    [StoreChild.HoldDirectory, var directory] => StoreChild.Hold(directory),
    _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
        await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await ConsoleRunner.Run(args),
};
