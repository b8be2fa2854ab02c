using System.CommandLine;

namespace Driftline.Benchmarks;

/// <summary>Imports large logs of other programs, one prompt a row: seconds and memory that do not grow with the file.</summary>
internal static class OtherLogsBenchmark
{
    private const double PeakMegabytes = 400;

    // A transcript is kept beside each sample of Inspect; of lm-evaluation-harness prompts and hashes stand in the way, which hardly compress.
    private const double InspectShare = 0.5;
    private const double HarnessShare = 0.4;

    public static Command Command()
    {
        var samples = new Option<int>("--samples-mb") { Description = "Size of the samples file of lm-evaluation-harness; 0 for none", DefaultValueFactory = _ => 1000 };
        var archive = new Option<int>("--eval-mb") { Description = "Size of the .eval archive of Inspect; 0 for none", DefaultValueFactory = _ => 100 };
        var outputs = new Option<bool>("--outputs") { Description = "Let the samples file hold answers that were written, whose words are measured too, not only rated texts" };
        var generations = new Option<int>("--generations") { Description = "How often each is imported, as another generation", DefaultValueFactory = _ => 1 };
        var program = DriftlineProgram.Option();
        var command = new Command(
            "logs",
            "Imports a large samples file of lm-evaluation-harness and a large .eval of Inspect, each into a fresh database, and prints what it cost\n\n"
            + "Every row is another prompt, which is the hardest case for what comes after reading.\n\n"
            + "Example:\n  benchmarks logs --samples-mb 100 --eval-mb 10")
        {
            samples, archive, outputs, generations, program,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var temporary = new TemporaryFolder();
            var driftline = DriftlineProgram.Named(arguments.GetValue(program));
            var imports = arguments.GetValue(generations);
            if (arguments.GetValue(samples) is > 0 and var samplesSize)
            {
                var unfolded = new HarnessSamples(samplesSize * 1_000_000L, arguments.GetValue(outputs)).WriteTo(temporary.At("lm_eval"));
                await RunAsync(driftline, "lm_eval", temporary.At("lm_eval"), unfolded, HarnessShare, temporary.At("lm_eval-data"), imports, cancellationToken);
            }

            if (arguments.GetValue(archive) is > 0 and var archiveSize)
            {
                var unfolded = new InspectArchive(archiveSize * 1_000_000L).WriteTo(temporary.At("inspect"));
                await RunAsync(driftline, "inspect", temporary.At("inspect"), unfolded, InspectShare, temporary.At("inspect-data"), imports, cancellationToken);
            }
        });
        return command;
    }

    private static async Task RunAsync(DriftlineProgram program, string what, string logs, long unfolded, double share, string data, int generations, CancellationToken cancellationToken)
    {
        var bytes = TemporaryFolder.BytesIn(logs);
        Figures.Write($"{what}, bytes", bytes / 1e6, "#,0", "MB");
        for (var generation = 0; generation < generations; generation++)
        {
            var (cost, report) = await program.ImportAsync(data, logs, cancellationToken, "--lineage", "bench", "--generation", $"{generation}");
            Figures.Write($"{what} {generation}, rows", report.Rows, "#,0", "");
            Figures.Write($"{what} {generation}, rows rejected", report.Rejected, "#,0", "");
            Figures.Write($"{what} {generation}, reading", bytes / 1e6 / report.ReadingSeconds, "#,0", "MB/s");
            Figures.Write($"{what} {generation}, whole run", cost.WallSeconds, "0.0", "s");
            Figures.Write($"{what} {generation}, CPU of the whole run", cost.CpuSeconds, "0.0", "s");
            Figures.AtMost($"{what} {generation}, peak memory", cost.PeakMegabytes, "#,0", "MB", PeakMegabytes);
        }

        double stored = TemporaryFolder.BytesIn(data);
        Figures.Write($"{what}, database ÷ log", stored / bytes, "0.000", "");
        Figures.AtMost($"{what}, database ÷ unzipped log", stored / unfolded, "0.000", "", share);
    }
}
