using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Driftline.Web.Tests.Build;

/// <summary>Loads AngleSharp.Diffing from beside the tests, because it is in no dependency file (see Bunit.targets).</summary>
internal static class AngleSharpDiffing
{
    private const string Name = "AngleSharp.Diffing";

#pragma warning disable CA2255 // Nothing else runs before bUnit is first loaded.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void LoadFromOutputFolder()
    {
        AssemblyLoadContext.Default.Resolving += static (context, assembly) => assembly.Name == Name
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, Name + ".dll"))
            : null;
    }
}
