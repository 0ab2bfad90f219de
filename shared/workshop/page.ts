/** docs/recipes.md, written from the recipes: what each judge says of each, and why those differ that do. */
import { boringDifferences } from './boring-ssl'
import { CLIENT_NAMES, clientDifferences } from './clients'
import { TOPICS, type Recipe, type Topic } from './recipe'
import { JUDGE_IDS, JUDGE_NAMES, OUTCOME_WORDS, predicted, type JudgeId } from './verdicts'

const INTRO = `# Recipes for wrong certificates

A recipe is a chain with one fault: a root, an authority below it and a server's certificate, all with keys and serial numbers of their own,
made afresh each time. The fault is in the bytes. Each recipe foretells what every judge says of it, and all of that was tried, with
the programs of Debian 12: OpenSSL 3.0, GnuTLS 3.7, curl 7.88, and Node 20 with an OpenSSL of its own.

- **OpenSSL strict** and **Web** are the verdict of the inspector under its two profiles; where they refuse, the first check that does stands there.
- **openssl verify** has \`-x509_strict -purpose sslserver -auth_level 2\`, and \`-crl_check_all\` where there are lists; **certtool** its purpose and host.
- **Node's tls**, **openssl s_client** and **curl** make a real handshake with a server on 127.0.0.1, with the root as the one trust anchor.

*Not served*: the TLS server, which is Node's, takes no such certificate or key, so that there is no handshake to judge.
`

/** The page. */
export function recipesPage(recipes: readonly Recipe[]): string {
  const topics = Object.keys(TOPICS) as readonly Topic[]
  return [
    INTRO,
    ...topics.flatMap((topic) =>
      tableOf(
        topic,
        recipes.filter((recipe) => recipe.topic === topic),
      ),
    ),
    '## Why judges differ',
    '',
    'Every judge that says otherwise than *OpenSSL strict*, and does so of a certificate that it was shown.',
    '',
    '| recipe | judges | why |',
    '| --- | --- | --- |',
    ...recipes.flatMap(reasonsOf),
    '',
    '## Clients of others',
    '',
    'Python’s `ssl` and Java’s `HttpsURLConnection` say what `openssl s_client` says of what is served, but for these; measured with Python 3.11',
    'and OpenJDK 17. [The test bench](test-bench.md) has how your own client meets them.',
    '',
    '| recipe | client | verdict | why |',
    '| --- | --- | --- | --- |',
    ...clientDifferences(recipes).map(
      ({ id, client, outcome, because }) =>
        `| \`${id}\` | ${CLIENT_NAMES[client]} | ${OUTCOME_WORDS[outcome]} | ${because} |`,
    ),
    '',
    '## In the app',
    '',
    'The app’s own process is Electron’s, whose TLS is BoringSSL. There Node’s `tls` judges otherwise, and the server serves fewer; measured with',
    'Electron 33. In a terminal everything is as above.',
    '',
    '| recipe | judges | there | why |',
    '| --- | --- | --- | --- |',
    ...boringDifferences(recipes).map(({ id, outcomes, because }) => {
      const judges = JUDGE_IDS.filter((judge) => outcomes[judge] !== undefined)
      const words = new Set(judges.map((judge) => OUTCOME_WORDS[outcomes[judge] ?? 'undecided']))
      return `| \`${id}\` | ${judges.map((judge) => JUDGE_NAMES[judge]).join(', ')} | ${[...words].join(', ')} | ${because} |`
    }),
    '',
  ].join('\n')
}

function tableOf(topic: Topic, recipes: readonly Recipe[]): readonly string[] {
  return [
    `## ${TOPICS[topic]}`,
    '',
    `| recipe | what it is | rule | ${JUDGE_IDS.map((judge) => JUDGE_NAMES[judge]).join(' | ')} |`,
    `| --- | --- | --- | ${JUDGE_IDS.map(() => '---').join(' | ')} |`,
    ...recipes.map(({ id, title, rule, predicts }) => {
      const cells = JUDGE_IDS.map((judge) => {
        const { outcome, check } = predicted(predicts, judge)
        return check === undefined ? OUTCOME_WORDS[outcome] : `\`${check}\``
      })
      return `| \`${id}\` | ${title} | ${rule} | ${cells.join(' | ')} |`
    }),
    '',
  ]
}

/** A row for each reason, with those who have it. */
function reasonsOf({ id, predicts }: Recipe): readonly string[] {
  const reasons = new Map<string, JudgeId[]>()
  for (const judge of JUDGE_IDS) {
    const reason = predicts.because[judge]
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), judge])
  }
  return [...reasons].map(
    ([reason, judges]) =>
      `| \`${id}\` | ${judges.map((judge) => JUDGE_NAMES[judge]).join(', ')} | ${reason} |`,
  )
}
