using System.CommandLine;

namespace Driftline.Benchmarks;

/// <summary>Measures a whole program, such as <c>driftline --help</c>, from its start to its end.</summary>
internal static class ProcessBenchmark
{
    public static Command Command()
    {
        var repeat = new Option<int>("--repeat") { Description = "How often to run it.", DefaultValueFactory = _ => 5 };
        var line = new Argument<string[]>("PROGRAM ARGS")
        {
            Description = "The program and its arguments; write -- before them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("process", "Measures a program: benchmarks process --repeat 3 -- driftline --help") { repeat, line };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var words = arguments.GetRequiredValue(line);
            for (var run = 0; run < arguments.GetValue(repeat); run++)
            {
                Console.WriteLine(await Measurement.OfProcessAsync(words[0], words[1..], cancellationToken));
            }
        });
        return command;
    }
}
