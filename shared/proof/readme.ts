/** `README.txt`: what a proof is, how it is run, and what it gives away. */
import type { ProofFile } from './folder'
import { PAGE, SCRIPT, SUMS } from './script'

const WIDTH = 78

/** The page of a folder with these files beside it, the script not yet among them. */
export function readmeText(files: readonly ProofFile[]): string {
  const secrets = files.filter(({ secret }) => secret).map(({ name }) => name)
  const keys = secrets.filter((name) => name.startsWith('keys/'))
  const sections = [
    'A run of Handshake Lab, to be proven by others',
    paragraph(
      'This folder has the messages of a run as they crossed TCP, the certificates and keys that belong to them, and what the app recorded of each. The script does every step again with OpenSSL and the shell alone, and compares. Nothing of the app is needed.',
    ),
    'How to run it',
    '    sh verify.sh',
    paragraph(
      'It takes a POSIX shell (dash, bash), coreutils, awk, sed, grep and OpenSSL 3.0 or newer, with its legacy provider where a message is under DES. It writes into a temporary folder that it removes, and connects to nothing.',
    ),
    'What it prints',
    paragraph(
      'A line a claim. “ok” holds. “FAIL” does not, and names the files that the claim is about. “skip” can’t be shown, and says for want of what. The last line counts them. It succeeds (exit code 0) only if all claims hold; what is skipped is no failure, and no proof either.',
    ),
    'What it can’t say',
    paragraph(
      `A changed script proves nothing: it may print what it likes. ${SUMS} has the sum of ${SCRIPT}, and the script looks at it, but only a script that you trust does: run your own copy of it, or read it; it is made to be read. Whoever changes a file can make ${SUMS} fit again, so those lines say only that the folder has come as it was written; all others are about the run.`,
    ),
    paragraph(
      'That a refused message was refused is its receiver’s word, which stands behind its step’s number; where OpenSSL can show the reason there is a claim for it. When messages came is the clocks’ word.',
    ),
    paragraph(
      'OpenSSL’s command line has no AES-GCM. Such messages are opened as AES in counter mode, from counter 2 on, which is what GCM does with a text; that looks at no tag. The tag has a claim of its own: GMAC, which OpenSSL has, is GCM’s sum without a text, and is asked whether the sum over header, transcript, ciphertext and tag comes out as it has to.',
    ),
    'What it gives away',
    paragraph(givesAway(keys, secrets.length - keys.length)),
    ...(keys.length > 0 ? [keys.map((name) => `    ${name}`).join('\n')] : []),
    'What is in it',
    [
      `    ${SCRIPT}        the script`,
      '    frames/          each frame, header and all, as its receiver got it',
      '    keys/            keys: PEM, or the bytes themselves',
      '    certificates/    certificates, requests and the signature Cert_S',
      '    expected/        what the app recorded: plaintexts with asterisks for secrets, alerts,',
      '                     shares, signatures and what they are over',
      `    ${SUMS}       what sha256sum says of every file but itself`,
      `    ${PAGE}       this page`,
    ].join('\n'),
  ]
  return `${sections.join('\n\n')}\n`
}

function givesAway(keys: readonly string[], texts: number): string {
  if (keys.length === 0)
    return 'No secret: the frames are as anybody on the way could have taken them, certificates and signatures are made to be shown. What is sealed stays shut, and the lines about it are skipped.'
  const opened =
    texts > 0
      ? ` ${texts} files in expected/ have what these open, in clear: whoever gets the folder reads what was said.`
      : ''
  return `Secret keys, those listed here. Whoever has them can open what they closed, and with a private key pose as its owner.${opened}`
}

/** Lines of at most so many characters. */
function paragraph(text: string): string {
  const lines: string[] = []
  let line = ''
  for (const each of text.split(' ')) {
    if (line !== '' && line.length + each.length >= WIDTH) {
      lines.push(line)
      line = each
    } else line = line === '' ? each : `${line} ${each}`
  }
  return [...lines, line].join('\n')
}
