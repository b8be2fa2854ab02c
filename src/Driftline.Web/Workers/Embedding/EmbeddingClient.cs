using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Driftline.Storage;
using Driftline.Web.Options;

namespace Driftline.Web.Workers.Embedding;

/// <summary>
/// Asks an OpenAI-compatible <c>/v1/embeddings</c> endpoint: texts in batches, a bounded number of requests at once, refusals that
/// pass (429, 5xx, a connection that breaks, no answer in time) tried again after a growing pause.
/// </summary>
/// <remarks>The key comes from the configuration, goes into the request's header and nowhere else.</remarks>
public sealed class EmbeddingClient(IHttpClientFactory clients, DriftlineOptions options, TimeProvider time)
{
    /// <summary>The name of the HTTP client: no redirects, which could carry the key elsewhere, and no logging.</summary>
    public const string ClientName = "embedder";

    private const int Attempts = 5;
    private const int LongestQuote = 200;
    private const int MaxAnswerBytes = 64 << 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private EmbedderOptions Settings => options.Embedder;

    /// <summary>What is wrong with an endpoint's address or model, in one sentence; null when it can be asked.</summary>
    public static string? Fault(EmbeddingEndpoint endpoint) =>
        !Uri.TryCreate(endpoint.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            ? $"“{endpoint.Address}” is no address such as http://localhost:8000/v1."
            : address.UserInfo.Length > 0 ? "The address must not hold a name or password; the key belongs to the configuration (Embedder:ApiKey)."
            : string.IsNullOrWhiteSpace(endpoint.Model) ? "The model's name is missing, such as nomic-embed-text."
            : null;

    /// <summary>Embeds texts.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="texts">The texts; an empty one is sent as a space, which some servers need.</param>
    /// <param name="embedded">Hears each batch as it comes, from one thread at a time: texts' places and unit vectors.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="EmbedderFailedException">The endpoint did not answer, refused, or answered with something else than embeddings.</exception>
    public async Task EmbedAsync(
        EmbeddingEndpoint endpoint, IReadOnlyList<string> texts, Func<int, IReadOnlyList<float[]>, Task> embedded, CancellationToken cancellationToken)
    {
        if (texts.Count == 0)
        {
            return;
        }

        if (Fault(endpoint) is { } fault)
        {
            throw new EmbedderFailedException(fault);
        }

        using var turn = new SemaphoreSlim(1);
        var batches = Enumerable.Range(0, (texts.Count + Settings.BatchSize - 1) / Settings.BatchSize).Select(batch => batch * Settings.BatchSize);
        var together = new ParallelOptions { MaxDegreeOfParallelism = Settings.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(batches, together, async (start, stopped) =>
        {
            var batch = texts.Skip(start).Take(Settings.BatchSize).ToArray();
            var vectors = await AskAsync(endpoint, batch, stopped);
            await turn.WaitAsync(stopped);
            try
            {
                await embedded(start, vectors);
            }
            finally
            {
                turn.Release();
            }
        });
    }

    /// <summary>Embeds one text.</summary>
    /// <exception cref="EmbedderFailedException">The endpoint did not answer, refused, or answered with something else than an embedding.</exception>
    public async Task<float[]> EmbedAsync(EmbeddingEndpoint endpoint, string text, CancellationToken cancellationToken)
    {
        float[] vector = [];
        await EmbedAsync(
            endpoint,
            [text],
            (_, vectors) =>
            {
                vector = vectors[0];
                return Task.CompletedTask;
            },
            cancellationToken);
        return vector;
    }

    private static Uri Address(EmbeddingEndpoint endpoint)
    {
        var address = endpoint.Address.TrimEnd('/');
        return new Uri(address.EndsWith("/embeddings", StringComparison.Ordinal) ? address : address + "/embeddings");
    }

    private async Task<IReadOnlyList<float[]>> AskAsync(EmbeddingEndpoint endpoint, string[] texts, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            string failure;
            var pause = FirstPause * Math.Pow(2, attempt - 1);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(Settings.TimeoutSeconds));
            try
            {
                using var response = await SendAsync(endpoint, texts, limit.Token);
                if (response.IsSuccessStatusCode)
                {
                    return await ReadAsync(endpoint, response, texts.Length, limit.Token);
                }

                failure = await RefusalAsync(endpoint, response, limit.Token);
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError))
                {
                    throw new EmbedderFailedException(failure);
                }

                pause = response.Headers.RetryAfter?.Delta is { } asked && asked > pause ? asked : pause;
            }
            catch (HttpRequestException exception)
            {
                failure = $"The embedder at {endpoint.Address} cannot be reached ({exception.Message}).";
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failure = $"The embedder at {endpoint.Address} did not answer within {Settings.TimeoutSeconds} s.";
            }

            if (attempt == Attempts)
            {
                throw new EmbedderFailedException(failure);
            }

            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(EmbeddingEndpoint endpoint, string[] texts, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(endpoint))
        {
            Content = JsonContent.Create(new Question(endpoint.Model, [.. texts.Select(text => text.Length == 0 ? " " : text)])),
        };
        if (!string.IsNullOrEmpty(Settings.ApiKey))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Settings.ApiKey);
        }

        using var client = clients.CreateClient(ClientName);
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.MaxResponseContentBufferSize = MaxAnswerBytes;
        return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    private static async Task<IReadOnlyList<float[]>> ReadAsync(EmbeddingEndpoint endpoint, HttpResponseMessage response, int count, CancellationToken cancellationToken)
    {
        Answer? answer;
        try
        {
            answer = await response.Content.ReadFromJsonAsync<Answer>(cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new EmbedderFailedException($"The embedder at {endpoint.Address} answered with something else than embeddings ({exception.Message}); check the address.", exception);
        }

        if (answer?.Data is not { } data || data.Length != count)
        {
            throw new EmbedderFailedException($"The embedder at {endpoint.Address} answered with {answer?.Data?.Length ?? 0} embeddings for {count} texts; check that it is an OpenAI-compatible endpoint.");
        }

        var vectors = new float[count][];
        for (var i = 0; i < count; i++)
        {
            var at = data[i].Index ?? i;
            if (at < 0 || at >= count || vectors[at] is not null)
            {
                throw new EmbedderFailedException($"The embedder at {endpoint.Address} numbers its embeddings wrongly ({at} of {count}).");
            }

            vectors[at] = Unit(endpoint, data[i].Embedding);
        }

        return Array.Exists(vectors, vector => vector.Length != vectors[0].Length)
            ? throw new EmbedderFailedException($"The embedder at {endpoint.Address} gave embeddings of different lengths.")
            : vectors;
    }

    private static float[] Unit(EmbeddingEndpoint endpoint, float[]? vector)
    {
        double squares = 0;
        foreach (var value in vector ?? [])
        {
            squares += (double)value * value;
        }

        if (!double.IsFinite(squares) || squares <= 0)
        {
            throw new EmbedderFailedException($"The embedder at {endpoint.Address} gave an embedding that is empty, all 0, or no numbers.");
        }

        var length = Math.Sqrt(squares);
        return Array.ConvertAll(vector!, value => (float)(value / length));
    }

    private async Task<string> RefusalAsync(EmbeddingEndpoint endpoint, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var said = (await response.Content.ReadAsStringAsync(cancellationToken)).ReplaceLineEndings(" ").Trim();
        if (!string.IsNullOrEmpty(Settings.ApiKey))
        {
            // Some servers quote the key that they refuse.
            said = said.Replace(Settings.ApiKey, "(the key)", StringComparison.Ordinal);
        }

        said = said.Length > LongestQuote ? said[..LongestQuote] + "…" : said;
        var wayOut = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => " Set the key in the configuration (Embedder:ApiKey, or the variable DRIFTLINE_EMBEDDER__APIKEY).",
            HttpStatusCode.NotFound => " Check the address and the model.",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"The embedder at {endpoint.Address} answered {(int)response.StatusCode}{(said.Length > 0 ? $": {said}" : "")}.{wayOut}");
    }

    private sealed record Question(
        [property: JsonPropertyName("model")] string Model,
        [property: JsonPropertyName("input")] string[] Input,
        [property: JsonPropertyName("encoding_format")] string EncodingFormat = "float");

    private sealed record Answer([property: JsonPropertyName("data")] Item[]? Data);

    private sealed record Item([property: JsonPropertyName("index")] int? Index, [property: JsonPropertyName("embedding")] float[]? Embedding);
}
