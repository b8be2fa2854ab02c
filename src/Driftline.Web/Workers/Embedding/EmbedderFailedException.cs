namespace Driftline.Web.Workers.Embedding;

/// <summary>An endpoint gave no embeddings. The message is one sentence that names the endpoint and what it said; it never holds the key.</summary>
public sealed class EmbedderFailedException(string message, Exception? inner = null) : Exception(message, inner);
