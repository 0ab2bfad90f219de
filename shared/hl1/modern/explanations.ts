/** What suite `modern` says of its steps (protocol.md section 4): what each repair prevents, and what still is not there. */
import { needless, no, partly, yes } from '../../record/explanation'
import type { Remark, StepExplanation } from '../explanation'
import type { StepNumber } from '../steps'

const SECTION_4 = 'protocol.md section 4'
const TAG = yes('GCM tag over the message, its header and all before it')

const aes = (text: string): readonly Remark[] => [
  {
    weakness: 'no_integrity',
    text,
    source: `${SECTION_4}; SP 800-38D`,
  },
  {
    weakness: 'short_key',
    text: '256 key bits can’t be searched through.',
    source: `${SECTION_4}; FIPS 197`,
  },
]
const forwardSecrecy = (text: string): Remark => ({
  weakness: 'no_forward_secrecy',
  text,
  source: `${SECTION_4}; RFC 8446 appendix E.1`,
})
const noReplay = (text: string, source = SECTION_4): Remark => ({ weakness: 'clock_alone', text, source })
const noForwardSecrecy = (text: string): Remark => ({
  weakness: 'no_forward_secrecy',
  text,
  source: SECTION_4,
})
const clientUnknown = (text: string): Remark => ({
  weakness: 'client_unknown',
  text,
  source: 'protocol.md sections 4 and 7; compare RFC 8446 section 4.3.2',
})

export const modernExplanations: Readonly<Record<StepNumber, StepExplanation>> = {
  1: {
    story:
      'The server makes its own key pair and asks the authority for a certificate. The request is signed with the new private key and sealed under a temporary key, which goes along under the authority’s public key.',
    guarantees: {
      confidentiality: yes('RSA-OAEP under PK_CA, then AES-256-GCM under K_tmp1'),
      integrity: yes('RSA-OAEP, GCM tag, the request’s own signature'),
      freshness: yes('TS1, and the authority remembers Nonce_S'),
      sender: partly('holds the key that the request is about; the name is not checked'),
      forwardSecrecy: no('SK_CA, leaked later, opens it; the request in it is no secret'),
    },
    weaknesses: [
      {
        weakness: 'name_unchecked',
        text: 'The authority knows that the asker holds the key, but still not that the name is theirs: that takes a check outside of this protocol. The setting “Who may register a name” is a small one: the first who asks keeps the name, or you are asked each time.',
        source: 'protocol.md section 7; compare RFC 8555 section 8',
      },
      noForwardSecrecy(
        'Whoever gets SK_CA later can open steps 1 and 2. No key that protects anything later is in them.',
      ),
    ],
    repairs: [
      {
        weakness: 'no_possession',
        text: 'The request is signed with the private key that belongs to it: nobody gets a certificate for a key of someone else.',
        source: `${SECTION_4}; RFC 2986 section 3`,
      },
      noReplay(
        'The authority remembers Nonce_S while the request is fresh: the same request again is refused as replayed.',
        'protocol.md section 7',
      ),
    ],
  },
  2: {
    story:
      'The authority vouches for the server: it signs the server’s name and public key, and brings back the request’s nonce, all under the temporary key. No private key crosses the wire.',
    guarantees: {
      confidentiality: yes('AES-256-GCM under K_tmp1'),
      integrity: TAG,
      freshness: yes('Nonce_S of the request comes back; TS2'),
      sender: yes('the authority signed the certificate'),
      forwardSecrecy: no('SK_CA, leaked later, opens step 1, then this; the certificate is public'),
    },
    weaknesses: [
      {
        weakness: 'other_certificate',
        text: 'The authority can vouch for a key of its own in the server’s name, and clients would accept it: they have to trust that the authority doesn’t.',
        source: 'protocol.md section 2; compare RFC 9162',
      },
      noForwardSecrecy(
        'Whoever gets SK_CA later can open step 1, then this: a certificate, which is public.',
      ),
    ],
    repairs: [
      {
        weakness: 'key_escrow',
        text: 'The server made the key pair itself: what the authority has never seen it can neither use nor lose.',
        source: SECTION_4,
      },
      ...aes('Any changed bit, here or in the request, and the answer does not open.'),
    ],
  },
  3: {
    story:
      'The client names the server it wants and sends a random number and its half of a key agreement, a share made for this connection alone. Nothing in it is secret, so nothing is encrypted.',
    guarantees: {
      confidentiality: no('sent in clear, openly'),
      integrity: partly('a change shows in step 4, which then does not open'),
      freshness: partly(
        'TS3; a copy is answered, but without the secret half of Share_C nobody opens the answer',
      ),
      sender: no('nobody has said yet who asks'),
      forwardSecrecy: needless('nothing in it is secret'),
    },
    weaknesses: [
      {
        weakness: 'in_clear',
        text: 'An onlooker sees which server is wanted. Who the client is comes only in step 5, where it is hidden.',
        source: SECTION_4,
      },
      noReplay(
        'A recorded message is answered again while it is fresh. That costs the server a signature and gains the sender nothing: step 4 opens only with the secret half of Share_C.',
      ),
    ],
    repairs: [
      {
        weakness: 'bootstrap_key',
        text: 'There is no key that everyone has. What can’t be kept secret yet is not dressed up as if it were.',
        source: SECTION_4,
      },
    ],
  },
  4: {
    story:
      'The server answers with its own share. Both shares make the handshake key; under it the server shows its certificate and signs all that was said so far. Whoever answers holds the certified key, now.',
    guarantees: {
      confidentiality: partly(
        'AES-256-GCM under K_hs: hidden from who only listens; but anyone may ask for it',
      ),
      integrity: TAG,
      freshness: yes('Proof covers Nonce_C and both shares; TS4'),
      sender: yes('Proof: signed with SK_S on this connection'),
      forwardSecrecy: yes('K_hs comes from shares that are used once'),
    },
    weaknesses: [
      {
        weakness: 'no_revocation',
        text: 'Nobody asks whether the authority has taken the certificate back before its end: no step of this protocol asks for the authority’s revocation list.',
        source: 'protocol.md section 7; compare RFC 5280 section 6.3',
      },
      {
        weakness: 'key_escrow',
        text: 'There is none where the server has registered in this suite: it has made its key pair itself. One that has registered in suite classic serves this suite too, with the pair that the authority made there; the client can’t tell which it is.',
        source: 'docs/decisions/0011',
      },
    ],
    repairs: [
      {
        weakness: 'no_proof',
        text: 'Proof signs this connection’s transcript and share: nobody but the holder of SK_S can have made it, and not before now.',
        source: `${SECTION_4}; RFC 8446 section 4.4.3`,
      },
      {
        weakness: 'bootstrap_key',
        text: 'K_hs is known only to the two who made the shares. Of what the server says, an onlooker can read Share_S and no more.',
        source: `${SECTION_4}; RFC 5869`,
      },
    ],
  },
  5: {
    story:
      'The client says who it is and sends a temporary key, under the public key it has just checked and under the handshake key. Whoever learns the server’s private key later still can’t open it.',
    guarantees: {
      confidentiality: yes('AES-256-GCM under K_hs, and in it RSA-OAEP under PK_S'),
      integrity: TAG,
      freshness: yes('a copy does not open on another connection; TS5'),
      sender: no('the client only says who it is'),
      forwardSecrecy: yes('K_hs: SK_S, leaked later, does not open it'),
    },
    weaknesses: [
      clientUnknown(
        'Still true in this suite: the client names itself, and nobody checks that. TLS can ask the client for a certificate too.',
      ),
    ],
    repairs: [
      forwardSecrecy(
        'The RSA block lies under K_hs, and that key is forgotten: later, SK_S alone opens nothing.',
      ),
      noReplay('The seal covers the transcript: a recorded message does not open on any other connection.'),
    ],
  },
  6: {
    story:
      'The server makes the session key, sets its lifetime and seals both under a key that comes from the client’s temporary key and the shared secret. Only who has opened step 5 can have that key.',
    guarantees: {
      confidentiality: yes('AES-256-GCM under K_6'),
      integrity: TAG,
      freshness: yes('K_6 is of this connection; TS6'),
      sender: yes('who can use K_6 has opened step 5'),
      forwardSecrecy: yes('K_6 needs the shared secret too'),
    },
    weaknesses: [],
    repairs: [
      ...aes('Any changed bit, here or in steps 3 to 5, and the message does not open.'),
      forwardSecrecy('K_6 needs the shared secret too, and what that was made of is forgotten.'),
    ],
  },
  7: {
    story:
      'The client sends a request under the key of its direction, with a number that counts up. It can do so again and again until the lifetime ends.',
    guarantees: {
      confidentiality: yes('AES-256-GCM under K_c2s'),
      integrity: yes('GCM tag over the message, its header and the handshake'),
      freshness: yes('a number other than the next is refused as replayed; TS7'),
      sender: partly('whoever sent step 5'),
      forwardSecrecy: yes('K_c2s needs the shared secret too'),
    },
    weaknesses: [
      clientUnknown('The request is from whoever sent step 5; that its name is true was never checked.'),
    ],
    repairs: [
      noReplay(
        'Requests are counted. Where one is sent again, left out or moved, the number that comes is not the next one, and the request with it is refused as replayed.',
        `${SECTION_4}; compare RFC 8446 appendix E.2`,
      ),
      ...aes('Any changed bit, and the request does not open.'),
      forwardSecrecy('K_c2s needs the shared secret too: no key that leaks later opens a request.'),
    ],
  },
  8: {
    story: 'The server answers under the key of its own direction, with a number of its own.',
    guarantees: {
      confidentiality: yes('AES-256-GCM under K_s2c'),
      integrity: yes('GCM tag over the message, its header and the handshake'),
      freshness: yes('a number other than the next is refused as replayed; TS8'),
      sender: yes('the server: K_s2c is for answers alone'),
      forwardSecrecy: yes('K_s2c needs the shared secret too'),
    },
    weaknesses: [],
    repairs: [
      {
        weakness: 'unbound_answer',
        text: 'Answers have a key of their own, and the answer to request n has number n: no request passes for an answer, and no answer for another one.',
        source: `${SECTION_4}; compare RFC 8446 section 7.3`,
      },
      noReplay('A recorded answer has the wrong number and is refused as replayed.'),
      ...aes('Any changed bit, and the data do not open.'),
      forwardSecrecy('K_s2c needs the shared secret too: no key that leaks later opens an answer.'),
    ],
  },
}
