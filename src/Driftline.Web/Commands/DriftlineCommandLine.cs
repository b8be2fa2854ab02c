using System.CommandLine;

namespace Driftline.Web.Commands;

/// <summary>The commands of the program <c>driftline</c>; without one it serves the dashboard.</summary>
internal static class DriftlineCommandLine
{
    public static RootCommand Create()
    {
        var serve = new ServeCommand();
        var root = new RootCommand("Driftline watches how models drift over generations of self-training.")
        {
            serve,
        };
        serve.AddTo(root);
        return root;
    }
}
