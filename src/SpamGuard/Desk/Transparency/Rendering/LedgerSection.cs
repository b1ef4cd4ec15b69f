using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>The ledger's signed head, and what can be proved by it.</summary>
internal static class LedgerSection
{
    /// <summary>Adds the section.</summary>
    public static void Add(HtmlText html, LedgerHead head) => html.Add($"""
        <section aria-labelledby="ledger">
        <h2 id="ledger">The ledger</h2>
        <p>Everything on this page is counted from a ledger in which each such act is entered before it is begun, and again when it is over. Each entry has the hash of
        the one before, and is signed. It holds no address. Keep this head: by it anybody can later prove that no entry up to it was changed or taken away.</p>
        <dl class="plain" id="head">
        <dt>Ledger</dt><dd><code>{head.Ledger}</code></dd>
        <dt>Entries</dt><dd>{head.Seq}</dd>
        <dt>Last entered</dt><dd><code>{head.Time}</code></dd>
        <dt>Hash of the last entry</dt><dd><code>{head.Hash}</code></dd>
        <dt>Signed by (Ed25519)</dt><dd><code>{head.PublicKey}</code></dd>
        <dt>Signature</dt><dd><code>{head.Signature}</code></dd>
        <dt>Text that is signed</dt><dd><code>{head.SignedText}</code></dd>
        </dl>
        <h3>How to verify it</h3>
        <p>The <a href="/transparency/digests">digests of all entries</a> are public, and tell nothing of what the entries say. Each hash is the SHA-256 of
        <code>spamguard-ledger-entry:v1:</code>, the hash before it, a colon and the digest; the first comes after 64 zeros. So the hash in
        a head that you kept must come out of the digests up to its entry. They come {DigestPages.Size} at a time; this fetches the head and then, from <code>$page</code>, the address of
        this page, all digests into one file, and says whether they lead to the head, or why nothing can be said. Fetched in this order the digests reach it; others may have been
        entered meanwhile, and are not looked at. The hash of every entry is then in <code>hashes.txt</code>, a line each: that in a head that you kept must stand there, beside its number.</p>
        <div class="scroll" role="region" aria-label="Commands that compute the hashes" tabindex="0"><pre><code>{Recipe(DigestPages.Size)}</code></pre></div>
        <p>The same, with the signature, of these two files by the command line of the service (the <a href="/transparency/head.json">head</a> is the JSON):
        <code>spamguard ledger verify --digests digests.txt --head head.json --since kept.json</code>. Without it, <code>openssl pkeyutl -verify</code> checks the signature
        (Ed25519) of the text that is signed.</p>
        </section>

        """);

    /// <summary>What the commands are made of: a value of the head, and an end that says why.</summary>
    internal const string Helpers = """
        field() { sed -n "s/.*\"$1\": *\"\{0,1\}\([0-9a-zA-Z.:-]*\).*/\1/p" head.json; }
        stop() { echo "$1" >&2; exit 1; }
        """;

    /// <summary>Computes the hash of each entry from digests.txt, and says whether the last is the one in head.json. To be run where an exit ends nothing else.</summary>
    internal const string Check = """
        last=$(field seq) reached=0 hash=$(printf '%064d' 0)
        [ "${last:-0}" -gt 0 ] || stop 'Nothing is proved: head.json is no head'
        while read -r number digest && [ "$reached" -lt "$last" ]; do
          reached=$((reached + 1))
          [ "$number" = "$reached" ] || stop "Nothing is proved: line $reached of digests.txt is not that of entry $reached"
          hash=$(printf 'spamguard-ledger-entry:v1:%s:%s' "$hash" "$digest" | sha256sum)
          hash=${hash%% *}
          echo "$number $hash"
        done < digests.txt > hashes.txt
        [ "$reached" = "$last" ] || stop "Nothing is proved: digests.txt ends with entry $reached, and the head is of entry $last"
        [ "$hash" = "$(field hash)" ] || stop "Disproved: the digests of entries 1 to $last do not lead to the head"
        echo "Proved: the digests of entries 1 to $last lead to the head"
        """;

    /// <summary>Fetches head and digests, and looks at them.</summary>
    /// <param name="size">How many digests a page has.</param>
    internal static string Recipe(int size) => $$"""
        (
        {{Helpers}}
        curl -fsS "$page/head.json" > head.json || stop 'Nothing is proved: the head could not be fetched'
        for n in $(seq $(( ($(field seq) + {{size - 1}}) / {{size}} ))); do
          curl -fsS "$page/digests?page=$n" || stop "Nothing is proved: page $n of the digests could not be fetched"
        done > digests.txt
        {{Check}}
        )
        """;
}
