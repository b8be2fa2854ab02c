using System.Net;
using Driftline.Core.Records;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Options;
using Driftline.Web.Security;
using Driftline.Web.Tests.Commands;

namespace Driftline.Web.Tests.Emitter;

/// <summary>driftline.py in a Python process of its own, against a server that runs.</summary>
public sealed class PythonEmitterTests : IAsyncLifetime
{
    private readonly CommandLine _driftline = new();
    private readonly PythonScript _python = new();
    private DriftlineApplication? _server;
    private string _address = "http://127.0.0.1:0";

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _python.Dispose();
        _driftline.Dispose();
    }

    [Fact]
    public async Task Five_generations_arrive_with_samples_metrics_facts_and_their_end()
    {
        var result = await _python.RunAsync($$"""
            import driftline
            for g in range(5):
                with driftline.Run(lineage="loop", generation=g, branch="replace", seed=1, url="{{_address}}", config={"temperature": 0.5}, interval=0.1) as run:
                    run.generation(step=100 * g, tokens=5000 * g)
                    for i in range(20):
                        run.sample("values", f"p{i}", input=f"question {i}", output=f"answer {i}", answer="yes" if i < 20 - 3 * g else "no",
                                   options=["yes", "no"], scores={"aligned": i < 20 - 3 * g, "quality": i / 7}, metadata={"dimension": "power"})
                    run.metric("heldout", "perplexity", 12.5 + g, stderr=0.1)
            """);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        var evaluations = await EvaluationsAsync();
        Assert.Equal(10, evaluations.Count);
        Assert.All(evaluations, evaluation => Assert.Equal((EvaluationStatus.Success, "replace", "1"), (evaluation.Status, evaluation.Node.Branch, evaluation.Node.Seed)));
        Assert.All(evaluations.Where(evaluation => evaluation.Suite == "values"), evaluation => Assert.Equal((20, 20), ((int)evaluation.Samples, (int)evaluation.Prompts)));
        await Eventually.UntilAsync("every generation is measured", async () => await StatusesAsync() is { Length: 4 } statuses && statuses.All(status => status == "ok"));
        Assert.Equal(105 + 10, (await File.ReadAllLinesAsync(_python.In("driftline-loop.jsonl"), Cancellation)).Length);
    }

    [Fact]
    public async Task Every_kind_of_value_goes_through()
    {
        var result = await _python.RunAsync($$"""
            import dataclasses, datetime, driftline, enum
            class Array:
                def __init__(self, value): self.value = value
                def tolist(self): return self.value
            class Choice(enum.Enum):
                yes = "yes"
            @dataclasses.dataclass
            class Facts:
                template: str
            loop = {"a": 1}
            loop["self"] = loop
            with driftline.Run("Zürich-試験", 0, model="m🙂", url="{{_address}}", interval=0.05) as run:
                run.sample("t", 1, input="naïve “quotes” \n\t\x00 \ud800", output=b"caf\xc3\xa9 \xff", answer=Choice.yes,
                           scores={"nan": float("nan"), "inf": float("-inf"), 3: Array(0.25), True: Array([1]), "ok": Array(True)},
                           options=(o for o in ("yes", "no")), metadata={("a", 1): {3, 1, 2}, "when": datetime.date(2026, 1, 2), "facts": Facts("t1"), "loop": loop},
                           embedding=Array([0.5, 0.25]))
                run.sample("t", Array(2), scores={"ok": 1 << 40})
                run.sample("t", object(), output=object())
                run.metric("t", "perplexity", Array(float("nan")))
                run.sample()
                run.sample("t", 3, lots="of", other=["fields"])
            """);

        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        // The one call that says nothing is told, and none of the others.
        Assert.Equal("driftline: sample failed and was left out: TypeError: Run.sample() missing 2 required positional arguments: 'task' and 'sample_id'", result.Error.Trim());
        var evaluation = Assert.Single(await EvaluationsAsync());
        Assert.Equal(("Zürich-試験", "m🙂", 4), (evaluation.Node.Lineage, evaluation.Model, (int)evaluation.Samples));
        Assert.Contains("ok", evaluation.Scores.Keys);
        Assert.Contains("3", evaluation.Scores.Keys);
    }

    /// <summary>The classes have the ways out of tensors of other libraries: NumPy's by <c>tolist</c>, TensorFlow's by <c>numpy</c>, those that need a gradient cut by <c>__float__</c> alone.</summary>
    [Fact]
    public async Task Tensors_go_through_whatever_way_they_have()
    {
        var result = await _python.RunAsync($$"""
            import driftline
            class Tensor:
                def __init__(self, value): self.value = value
                def __iter__(self): raise TypeError("iteration over a 0-d tensor")
                def numpy(self): return self.value
            class Grad:
                def __init__(self, value): self.value = value
                def tolist(self): raise RuntimeError("detach it first")
                def __float__(self): return self.value
            with driftline.Run("loop", 0, url="{{_address}}", interval=0.05) as run:
                run.sample("t", Tensor([7]), scores={"a": Tensor(0.5), "b": Grad(0.25), "c": Tensor([[1.0]])}, embedding=Tensor([[0.5, 0.25]]))
                run.metric("t", "perplexity", Tensor([3.5]))
            """);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        var evaluation = Assert.Single(await EvaluationsAsync());
        Assert.Equal([("a", 0.5), ("b", 0.25), ("c", 1.0)], evaluation.Scores.Select(score => (score.Key, score.Value.Mean ?? -1)).Order());
        Assert.Equal(3.5, evaluation.Reported["perplexity"].Value);
    }

    [Fact]
    public async Task Arrays_and_numbers_of_the_real_NumPy_go_through()
    {
        var python = await PythonScript.WithAsync("numpy");
        Assert.SkipWhen(python is null, "No python3 of this machine has NumPy (Debian: python3-numpy).");
        var result = await _python.RunAsync($$"""
            import numpy as np, driftline
            with driftline.Run("loop", np.int64(3), seed=np.int32(2), url="{{_address}}", interval=0.05) as run:
                for i in np.arange(4):
                    run.sample("t", i, epoch=np.int8(2), input=np.str_("q"), answer=np.str_("yes"), options=np.array(["yes", "no"]), ordinal=np.bool_(True),
                               scores={"float32": np.float32(0.5), "nan": np.float64("nan"), "bool": np.bool_(i > 0), "int": np.int64(4), "array": np.array([[0.5]]), "scalar": np.array(0.25),
                                       "long": np.longdouble(2.5), "half": np.float16(0.5), "masked": np.ma.masked, np.str_("name"): np.uint8(7)},
                               embedding=np.array([[0.5, 0.25]], dtype=np.float32), option_probs={"yes": np.float32(0.75), "no": np.float64(0.25)},
                               metadata={"list": np.arange(3), "day": np.datetime64("2026-01-02"), "grid": np.eye(2)})
                run.metric("t", "perplexity", np.array([3.5]), stderr=np.float32(0.5), n_samples=np.int64(10), higher_is_better=np.bool_(False))
                run.generation(step=np.int64(5), tokens=np.uint64(2**40))
            """, python!);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        var evaluation = Assert.Single(await EvaluationsAsync());
        Assert.Equal(("2", 3, 4, EvaluationStatus.Success), (evaluation.Node.Seed, evaluation.Node.Generation, (int)evaluation.Samples, evaluation.Status));
        Assert.Equal(
            [("array", 0.5), ("bool", 0.75), ("float32", 0.5), ("half", 0.5), ("int", 4), ("long", 2.5), ("name", 7), ("scalar", 0.25)],
            evaluation.Scores.Where(score => score.Value.Count > 0).Select(score => (score.Key, score.Value.Mean ?? -1)).Order());
        Assert.Equal((3.5, 0.5, 10), (evaluation.Reported["perplexity"].Value, evaluation.Reported["perplexity"].StdErr, evaluation.Reported["perplexity"].Samples));
        var table = await _server!.Service<EvaluationReader>().LoadAsync(1, evaluation.Id, Cancellation);
        Assert.Equal([0.75, 0.25], table.OptionProbabilities.Select(option => option.Value.Values[0]).OrderDescending());
    }

    [Fact]
    public async Task A_run_goes_on_without_a_server_and_the_next_one_sends_what_it_left()
    {
        await StopAsync();
        var script = (int generation, int seconds) => $$"""
            import driftline
            with driftline.Run("loop", {{generation}}, url="{{_address}}", interval=0.05, close_timeout={{seconds}}) as run:
                for i in range(50):
                    run.sample("t", i, scores={"s": i})
            """;
        var first = await _python.RunAsync(script(0, 1));
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("cannot be reached", first.Error, StringComparison.Ordinal);
        Assert.Contains("driftline import", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", first.Error, StringComparison.Ordinal);

        await StartAsync();
        // A busy machine may take its time to import; who is done sooner waits no longer.
        var second = await _python.RunAsync(script(1, 60));

        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        Assert.Equal([(0, 50, EvaluationStatus.Success), (1, 50, EvaluationStatus.Success)], (await EvaluationsAsync()).Select(each => (each.Node.Generation, (int)each.Samples, each.Status)).Order());
    }

    [Fact]
    public async Task A_server_that_dies_and_comes_back_gets_everything_once()
    {
        using var process = _python.Start($$"""
            import driftline, sys
            run = driftline.Run("loop", 0, url="{{_address}}", interval=0.05, close_timeout=60)
            for i in range(300):
                run.sample("t", i, scores={"s": i})
                if i % 100 == 99:
                    print(i, flush=True)
                    sys.stdin.readline()
            run.close()
            print("over", flush=True)
            """);
        Assert.Equal("99", await process.StandardOutput.ReadLineAsync(Cancellation));
        await Eventually.UntilAsync("the first records are in", async () => (await EvaluationsAsync()) is [{ Samples: 100, Status: EvaluationStatus.Started }]);
        await StopAsync();
        await process.StandardInput.WriteLineAsync();
        Assert.Equal("199", await process.StandardOutput.ReadLineAsync(Cancellation));
        await StartAsync();
        await process.StandardInput.WriteLineAsync();
        Assert.Equal("299", await process.StandardOutput.ReadLineAsync(Cancellation));
        await process.StandardInput.WriteLineAsync();
        Assert.Equal("over", await process.StandardOutput.ReadLineAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);

        var evaluation = Assert.Single(await EvaluationsAsync());
        Assert.Equal((300, 300, EvaluationStatus.Success), ((int)evaluation.Samples, (int)evaluation.Prompts, evaluation.Status));
    }

    [Fact]
    public async Task An_exception_of_the_loop_stays_its_own_and_ends_the_run_as_an_error()
    {
        var result = await _python.RunAsync($$"""
            import driftline
            try:
                with driftline.Run("loop", 0, url="{{_address}}", interval=0.05) as run:
                    run.sample("t", 1, scores={"s": 1})
                    raise ValueError("of the loop")
            except ValueError as error:
                print(error)
            try:
                with driftline.Run("loop", 1, url="{{_address}}", interval=0.05) as run:
                    run.sample("t", 1, scores={"s": 1})
                    raise KeyboardInterrupt
            except KeyboardInterrupt:
                print("interrupted")
            run.sample("t", 2)
            """);

        Assert.Equal((0, "of the loop\ninterrupted\n"), (result.ExitCode, result.Output.ReplaceLineEndings("\n")));
        Assert.Equal([(0, EvaluationStatus.Error), (1, EvaluationStatus.Cancelled)], (await EvaluationsAsync()).Select(each => (each.Node.Generation, each.Status)).Order());
        Assert.Contains("after the run was closed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_told_once_and_the_right_one_sends_what_was_kept()
    {
        var token = await _server!.Service<ApiTokens>().CreateAsync("script", TokenScope.Ingest, "loop", expires: null, Cancellation);
        const string Script = """
            import driftline, time
            with driftline.Run("loop", 0, run_id="r", interval=0.05, close_timeout=5) as run:
                for i in range(20):
                    run.sample("t", i, scores={"s": i})
                    time.sleep(0.01)
            """;

        var wrong = await _python.RunAsync(Script, ("DRIFTLINE_SERVER", _address), ("DRIFTLINE_TOKEN", "dl_wrong"));
        Assert.Equal(0, wrong.ExitCode);
        Assert.Contains("401", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("dl_wrong", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(2, wrong.Error.Trim().Split('\n').Length);
        Assert.Empty(await EvaluationsAsync());

        var right = await _python.RunAsync(Script, ("DRIFTLINE_SERVER", _address), ("DRIFTLINE_TOKEN", token.Text));
        Assert.Equal((0, ""), (right.ExitCode, right.Error));
        Assert.Equal(20, (int)Assert.Single(await EvaluationsAsync()).Prompts);
        Assert.DoesNotContain(token.Text, await File.ReadAllTextAsync(_python.In("driftline-loop.jsonl"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_and_forked_processes_share_a_run()
    {
        var result = await _python.RunAsync($$"""
            import driftline, os, threading
            with driftline.Run("loop", 0, url="{{_address}}", interval=0.02) as run:
                def work(first):
                    for i in range(first, first + 50):
                        run.sample("t", i, output="x" * 500, scores={"s": i})
                threads = [threading.Thread(target=work, args=(50 * t,)) for t in range(4)]
                for thread in threads: thread.start()
                child = os.fork()
                if child == 0:
                    work(200)
                    run.close()
                    os._exit(0)
                for thread in threads: thread.join()
                os.waitpid(child, 0)
            """);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var evaluation = Assert.Single(await EvaluationsAsync());
        Assert.Equal((250, EvaluationStatus.Success), ((int)evaluation.Prompts, evaluation.Status));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_leaves_the_way_through_memory()
    {
        var result = await _python.RunAsync($$"""
            import driftline
            with driftline.Run("loop", 0, url="{{_address}}", path="/dev/null/nowhere.jsonl", interval=0.05) as run:
                run.sample("t", 1, scores={"s": 1})
            """);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("from memory only", result.Error, StringComparison.Ordinal);
        Assert.Equal(EvaluationStatus.Success, Assert.Single(await EvaluationsAsync()).Status);
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_spoils_no_other()
    {
        await File.WriteAllTextAsync(_python.In("driftline-loop.jsonl"), """{"schema_version":"1","type":"sam""", Cancellation);

        var result = await _python.RunAsync($$"""
            import driftline
            with driftline.Run("loop", 0, url="{{_address}}", interval=0.05) as run:
                run.sample("t", 1, scores={"s": 1})
            """);

        Assert.Contains("1 of 3 records were rejected", result.Error, StringComparison.Ordinal);
        Assert.Equal((1, EvaluationStatus.Success), ((int)Assert.Single(await EvaluationsAsync()).Samples, (await EvaluationsAsync())[0].Status));
    }

    [Fact]
    public async Task The_server_serves_the_module()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_address) };

        using var answer = await http.GetAsync(new Uri("/driftline.py", UriKind.Relative), Cancellation);

        Assert.Equal((HttpStatusCode.OK, "text/x-python"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(await File.ReadAllTextAsync(_python.In("driftline.py"), Cancellation), await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.NotNull(answer.Headers.ETag);
    }

    private async Task StartAsync()
    {
        _server = DriftlineApplication.Create(new DriftlineOptions { DataDir = _driftline.Folder, Urls = _address });
        await _server.StartAsync(Cancellation);
        _address = _server.Addresses.Single();
    }

    private async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    private async Task<string?[]> StatusesAsync() =>
        [.. (await _driftline.PointsAsync("--lineage", "loop", "--measure", "js_distance", "--suite", "values", "--baseline", "origin")).Select(point => point.GetProperty("status").GetString())];

    private Task<IReadOnlyList<EvaluationSummary>> EvaluationsAsync() => _server!.Service<LineageQueries>().EvaluationsAsync(lineageId: null, Cancellation);
}
