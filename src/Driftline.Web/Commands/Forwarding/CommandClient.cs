using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Driftline.Web.Api.Documents;

namespace Driftline.Web.Commands.Forwarding;

/// <summary>Lets a server run a command, and shows what it prints as it comes.</summary>
/// <param name="server">The server's address.</param>
/// <param name="token">What lets the command in; null for none.</param>
/// <param name="console">Where the command was typed.</param>
internal sealed class CommandClient(string server, string? token, CommandConsole console)
{
    private readonly Decoder _output = Encoding.UTF8.GetDecoder();
    private readonly Decoder _error = Encoding.UTF8.GetDecoder();

    /// <summary>Runs the command and returns its exit code.</summary>
    /// <exception cref="CommandFailedException">The server does not answer, refuses, or broke off.</exception>
    public async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        using var http = NewHttp();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(server), "/api/v1/commands")) { Content = new Body(call, console) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new CommandFailedException($"the server at {server} refused the command: {await ReasonAsync(answer, cancellationToken)}");
            }

            await using var frames = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return await CommandFrames.ReadAsync(frames, Show, cancellationToken)
                ?? throw new CommandFailedException($"the server at {server} ended before the command did; run it again");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"the server at {server} does not answer ({exception.Message}); if it hangs, stop it, and run the command again");
        }
    }

    /// <summary>A client that waits as long as a command takes; a proxy could not reach a server of this machine.</summary>
    public static HttpClient NewHttp() =>
        new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>What a refusal says.</summary>
    public static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var problem = JsonDocument.Parse(text);
            return problem.RootElement.GetProperty("detail").GetString() ?? $"{(int)answer.StatusCode}";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"{(int)answer.StatusCode} {answer.ReasonPhrase}; is it a Driftline?";
        }
    }

    private void Show(FrameKind kind, ReadOnlyMemory<byte> bytes)
    {
        var (decoder, writer) = kind == FrameKind.Output ? (_output, console.Output) : (_error, console.Error);
        var text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        writer.Write(text, 0, decoder.GetChars(bytes.Span, text, flush: false));
        writer.Flush();
    }

    /// <summary>The call on the first line, then standard input where the command reads it.</summary>
    private sealed class Body : HttpContent
    {
        private readonly CommandCall _call;
        private readonly CommandConsole _console;

        public Body(CommandCall call, CommandConsole console)
        {
            _call = call;
            _console = console;
            Headers.ContentType = new MediaTypeHeaderValue("application/vnd.driftline.command");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            // JSON has no bare line feed, so the first one ends it.
            await JsonSerializer.SerializeAsync(stream, _call, ContractJson.Options, cancellationToken);
            await stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
            if (_call.ReadsInput)
            {
                await using var input = _console.OpenInput();
                await input.CopyToAsync(stream, cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
