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
        this page, all digests into one file, and prints the hash of every entry up to the head's, which must be the last. Fetched in this order the digests reach it; others may have been
        entered meanwhile, and are not looked at:</p>
        <div class="scroll" role="region" aria-label="Commands that compute the hashes" tabindex="0"><pre><code>{Recipe}</code></pre></div>
        <p>The same, with the signature, of these two files by the command line of the service (the <a href="/transparency/head.json">head</a> is the JSON):
        <code>spamguard ledger verify --digests digests.txt --head head.json --since kept.json</code>. Without it, <code>openssl pkeyutl -verify</code> checks the signature
        (Ed25519) of the text that is signed.</p>
        </section>

        """);

    /// <summary>Computes the hash of each entry from the digests.</summary>
    internal const string Recipe = """
        curl -fs "$page/head.json" > head.json
        last=$(sed 's/.*"seq":\([0-9]*\).*/\1/' head.json)
        for n in $(seq $(( (last + 9999) / 10000 ))); do
          curl -fs "$page/digests?page=$n"
        done > digests.txt
        hash=$(printf '%064d' 0)
        while read -r number digest && [ "$number" -le "$last" ]; do
          hash=$(printf 'spamguard-ledger-entry:v1:%s:%s' "$hash" "$digest" | sha256sum)
          hash=${hash%% *}
          echo "$number $hash"
        done < digests.txt
        """;
}
