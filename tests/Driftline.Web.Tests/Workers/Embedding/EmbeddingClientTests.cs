using Driftline.Storage;
using Driftline.Web.Options;
using Driftline.Web.Workers.Embedding;
using Microsoft.Extensions.DependencyInjection;

namespace Driftline.Web.Tests.Workers.Embedding;

/// <summary>Asking an embedding endpoint.</summary>
public sealed class EmbeddingClientTests
{
    private const string Key = "secret-of-the-house";

    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_go_in_batches_with_a_bounded_number_at_once_and_come_back_in_place_with_unit_length()
    {
        await using var server = await FakeEmbeddingServer.StartAsync();
        var texts = Enumerable.Range(0, 50).Select(number => $"text {number}").ToArray();

        var vectors = await EmbedAsync(server.Endpoint, texts, new EmbedderOptions { BatchSize = 7, Concurrency = 2 });

        Assert.Equal([1, 7, 7, 7, 7, 7, 7, 7], server.Batches.Order());
        Assert.InRange(server.MostAtOnce, 1, 2);
        Assert.All(vectors, vector => Assert.Equal(1, vector.Sum(value => (double)value * value), 5));
        var raw = FakeEmbeddingServer.Vector(texts[9]);
        var length = Math.Sqrt(raw.Sum(value => (double)value * value));
        Assert.Equal(raw.Select(value => value / length), vectors[9].Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public async Task Refusals_that_pass_are_tried_again()
    {
        await using var server = await FakeEmbeddingServer.StartAsync();
        server.Refusals.Enqueue(500);
        server.Refusals.Enqueue(429);
        server.Refusals.Enqueue(503);

        Assert.Single(await EmbedAsync(server.Endpoint, ["text"]));
        Assert.Equal(4, server.Batches.Count);
    }

    [Fact]
    public async Task After_five_attempts_it_says_what_the_endpoint_said()
    {
        await using var server = await FakeEmbeddingServer.StartAsync();
        server.RefusesAll = 503;

        var failure = await Assert.ThrowsAsync<EmbedderFailedException>(() => EmbedAsync(server.Endpoint, ["text"]));

        Assert.Equal(5, server.Batches.Count);
        Assert.StartsWith($"The embedder at {server.Endpoint.Address} answered 503: no:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_not_tried_again_and_never_repeated()
    {
        await using var server = await FakeEmbeddingServer.StartAsync();
        server.RefusesAll = 401;

        var failure = await Assert.ThrowsAsync<EmbedderFailedException>(() => EmbedAsync(server.Endpoint, ["text"], new EmbedderOptions { ApiKey = Key }));

        Assert.Equal(["Bearer " + Key], server.Keys);
        Assert.DoesNotContain(Key, failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("DRIFTLINE_EMBEDDER__APIKEY", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_slow_can_be_cancelled()
    {
        await using var server = await FakeEmbeddingServer.StartAsync();
        server.Gate = new TaskCompletionSource();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);

        var asked = Client(new EmbedderOptions()).EmbedAsync(server.Endpoint, "text", cancel.Token);
        await Eventually.UntilAsync("the endpoint is asked", () => !server.Batches.IsEmpty);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task What_does_not_answer_in_time_says_so()
    {
        await using var server = await FakeEmbeddingServer.StartAsync();
        server.Gate = new TaskCompletionSource();

        var failure = await Assert.ThrowsAsync<EmbedderFailedException>(() => EmbedAsync(server.Endpoint, ["text"], new EmbedderOptions { TimeoutSeconds = 1 }));

        Assert.EndsWith("did not answer within 1 s.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<html>""", "something else than embeddings")]
    [InlineData("""{"data":[]}""", "0 embeddings for 1 texts")]
    [InlineData("""{"data":[{"index":4,"embedding":[1]}]}""", "numbers its embeddings wrongly (4 of 1)")]
    [InlineData("""{"data":[{"index":0,"embedding":[0,0]}]}""", "empty, all 0, or no numbers")]
    public async Task An_answer_that_is_no_embedding_is_refused(string answer, string sentence)
    {
        await using var server = await FakeEmbeddingServer.StartAsync();
        server.Instead = answer;

        var failure = await Assert.ThrowsAsync<EmbedderFailedException>(() => EmbedAsync(server.Endpoint, ["text"]));

        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:8000", "m", "no address such as")]
    [InlineData("ftp://localhost/v1", "m", "no address such as")]
    [InlineData("http://me:key@localhost/v1", "m", "must not hold a name or password")]
    [InlineData("http://localhost/v1", " ", "model's name is missing")]
    public void An_endpoint_that_cannot_be_asked_is_named(string address, string model, string sentence) =>
        Assert.Contains(sentence, EmbeddingClient.Fault(new EmbeddingEndpoint { Address = address, Model = model }), StringComparison.Ordinal);

    private static EmbeddingClient Client(EmbedderOptions options)
    {
        var services = new ServiceCollection().AddLogging().AddDriftline(new DriftlineOptions { Embedder = options, DataDir = "unused" });
        services.AddSingleton<TimeProvider>(new ImpatientTime());
        return services.BuildServiceProvider().GetRequiredService<EmbeddingClient>();
    }

    private static async Task<float[][]> EmbedAsync(EmbeddingEndpoint endpoint, string[] texts, EmbedderOptions? options = null)
    {
        var vectors = new float[texts.Length][];
        await Client(options ?? new EmbedderOptions()).EmbedAsync(
            endpoint,
            texts,
            (start, batch) =>
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    vectors[start + i] = batch[i];
                }

                return Task.CompletedTask;
            },
            Cancelled);
        return vectors;
    }

    /// <summary>A clock whose pauses are over at once.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
