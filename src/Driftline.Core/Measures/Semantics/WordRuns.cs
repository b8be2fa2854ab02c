namespace Driftline.Core.Measures.Semantics;

/// <summary>Runs of neighbouring words (n-grams) as numbers of types, never across two outputs.</summary>
internal static class WordRuns
{
    /// <summary>The runs of all outputs of each prompt, numbered from 0; which number a run has says nothing.</summary>
    /// <param name="outputs">The types of each output of each prompt.</param>
    /// <param name="words">Length of a run, at least 1.</param>
    public static int[][] OfPrompts(int[][][] outputs, int words)
    {
        if (words == 1)
        {
            return Vocabulary.Join(outputs);
        }

        var all = new OutputWords(outputs);

        // A run is the run without its last word, and that word: longer runs are numbered from shorter ones.
        var runs = (int[])all.Words.Clone();
        for (var added = 1; added < words; added++)
        {
            all.Extend(runs, added);
        }

        return all.ByPrompt(outputs, runs, words);
    }

    /// <summary>The number of runs of all outputs of an evaluation.</summary>
    public static long CountOf(EvaluationTable table, int words) =>
        TokenizedOutputs.Of(table).Lengths.Sum(length => (long)Math.Max(0, length - words + 1));

    /// <summary>
    /// The words of all outputs in a row. Runs are numbered by sorting them, a part after the other: there may be as many different ones as
    /// words, and a dictionary of them takes several times as much memory.
    /// </summary>
    private sealed class OutputWords
    {
        /// <summary>Runs that are sorted together, unless more of them begin alike.</summary>
        private const int SortedTogether = 1 << 18;

        /// <summary>Words that follow each word in its output; 255 stands for all more.</summary>
        private readonly byte[] _following;

        public OutputWords(int[][][] outputs)
        {
            var count = outputs.Sum(prompt => prompt.Sum(output => output.Length));
            Words = new int[count];
            _following = new byte[count];
            var filled = 0;
            foreach (var output in outputs.SelectMany(prompt => prompt))
            {
                output.CopyTo(Words, filled);
                for (var i = 0; i < output.Length; i++)
                {
                    _following[filled + i] = (byte)Math.Min(byte.MaxValue, output.Length - 1 - i);
                }

                filled += output.Length;
            }
        }

        /// <summary>The types of the words.</summary>
        public int[] Words { get; }

        /// <summary>
        /// Puts the number of the run of <paramref name="added"/> + 1 words that begins at each word in the place of that of
        /// <paramref name="added"/> words; what it is where the output ends before says nothing.
        /// </summary>
        public void Extend(int[] runs, int added)
        {
            // Those that are done are below 0 until all are, so that no later part takes them for its own.
            var number = 0;
            foreach (var (first, end, count) in Parts(runs, added))
            {
                var keys = new ulong[count];
                var places = new int[count];
                for (int place = 0, filled = 0; place < runs.Length; place++)
                {
                    if (_following[place] >= added && runs[place] >= first && runs[place] < end)
                    {
                        keys[filled] = ((ulong)runs[place] << 32) | (uint)Words[place + added];
                        places[filled++] = place;
                    }
                }

                Array.Sort(keys, places);
                for (var i = 0; i < count; i++)
                {
                    number += i > 0 && keys[i] != keys[i - 1] ? 1 : 0;
                    runs[places[i]] = ~number;
                }

                number++;
            }

            for (var place = 0; place < runs.Length; place++)
            {
                runs[place] = runs[place] < 0 ? ~runs[place] : 0;
            }
        }

        /// <summary>Ranges of the numbers of runs that can be made longer, in order, with how often they can.</summary>
        private IEnumerable<(int First, int End, int Count)> Parts(int[] runs, int added)
        {
            var often = new int[runs.Length == 0 ? 0 : runs.Max() + 1];
            for (var place = 0; place < runs.Length; place++)
            {
                often[runs[place]] += _following[place] >= added ? 1 : 0;
            }

            var (first, count) = (0, 0);
            for (var run = 0; run < often.Length; run++)
            {
                if (count > 0 && count + often[run] > SortedTogether)
                {
                    yield return (first, run, count);
                    (first, count) = (run, 0);
                }

                count += often[run];
            }

            if (count > 0)
            {
                yield return (first, often.Length, count);
            }
        }

        /// <summary>The runs of each prompt.</summary>
        public int[][] ByPrompt(int[][][] outputs, int[] runs, int words)
        {
            var place = 0;
            return Array.ConvertAll(outputs, prompt =>
            {
                var own = new int[prompt.Sum(output => Math.Max(0, output.Length - words + 1))];
                var filled = 0;
                foreach (var output in prompt)
                {
                    var count = Math.Max(0, output.Length - words + 1);
                    runs.AsSpan(place, count).CopyTo(own.AsSpan(filled));
                    filled += count;
                    place += output.Length;
                }

                return own;
            });
        }
    }
}
