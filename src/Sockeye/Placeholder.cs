namespace Sockeye;
internal static class Placeholder;
