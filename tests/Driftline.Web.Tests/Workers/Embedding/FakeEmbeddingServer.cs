using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Driftline.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Driftline.Web.Tests.Workers.Embedding;

/// <summary>An OpenAI-compatible endpoint inside the test: vectors made of the texts, refusals in a row, answers that wait.</summary>
internal sealed class FakeEmbeddingServer : IAsyncDisposable
{
    public const int Dimension = 16;

    private readonly WebApplication _app;
    private int _now;

    private FakeEmbeddingServer(WebApplication app) => _app = app;

    /// <summary>Every text that was sent, in order of arrival.</summary>
    public ConcurrentQueue<string> Texts { get; } = new();

    /// <summary>The texts of each request.</summary>
    public ConcurrentQueue<int> Batches { get; } = new();

    /// <summary>What stood in the header that carries the key.</summary>
    public ConcurrentBag<string> Keys { get; } = [];

    /// <summary>Statuses that the next requests are refused with.</summary>
    public ConcurrentQueue<int> Refusals { get; } = new();

    /// <summary>The status that every request is refused with; null refuses none.</summary>
    public int? RefusesAll { get; set; }

    /// <summary>Requests wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Most requests that were under way at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The answer that takes the place of embeddings; null for none.</summary>
    public string? Instead { get; set; }

    public EmbeddingEndpoint Endpoint => new() { Address = _app.Urls.First() + "/v1", Model = "fake-1" };

    public static async Task<FakeEmbeddingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeEmbeddingServer(app);
        app.MapPost("/v1/embeddings", server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Gate?.TrySetResult();
        await _app.DisposeAsync();
    }

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        var now = Interlocked.Increment(ref _now);
        lock (Texts)
        {
            MostAtOnce = Math.Max(MostAtOnce, now);
        }

        try
        {
            Keys.Add(request.Headers.Authorization.ToString());
            using var question = await JsonDocument.ParseAsync(request.Body);
            var texts = question.RootElement.GetProperty("input").EnumerateArray().Select(text => text.GetString()!).ToArray();
            Batches.Enqueue(texts.Length);
            if (Gate is { } gate)
            {
                await gate.Task.WaitAsync(request.HttpContext.RequestAborted);
            }

            var refusal = RefusesAll ?? (Refusals.TryDequeue(out var status) ? status : 0);
            if (refusal > 0)
            {
                return Results.Text($"no: {request.Headers.Authorization}", statusCode: refusal);
            }

            foreach (var text in texts)
            {
                Texts.Enqueue(text);
            }

            // Backwards: the index says which is which.
            return Instead is not null
                ? Results.Text(Instead, "application/json")
                : Results.Json(new { data = texts.Select((text, index) => new { index, embedding = Vector(text) }).Reverse() });
        }
        finally
        {
            Interlocked.Decrement(ref _now);
        }
    }

    /// <summary>The vector of a text before it is normalised.</summary>
    public static float[] Vector(string text) =>
        [.. SHA256.HashData(Encoding.UTF8.GetBytes(text)).Take(Dimension).Select(value => (value - 127.5f) / 10)];
}
