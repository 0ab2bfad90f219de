/** What suite `classic` says of its steps (protocol.md section 3): it is weak on purpose, and this is where and why. */
import { needless, no, partly, yes } from '../../record/explanation'
import type { Remark, StepExplanation } from '../explanation'
import type { StepNumber } from '../steps'

const SECTION_3 = 'protocol.md section 3'
const DES_SEARCH = 'RFC 4772 section 5'
const CBC_ERRORS = 'SP 800-38A appendix D, Help: Every bit flipped'

const bootstrapKey = (text: string): Remark => ({
  weakness: 'bootstrap_key',
  text: `K_boot is in every copy of the program. ${text}`,
  source: SECTION_3,
})
const shortKey = (text: string): Remark => ({ weakness: 'short_key', text, source: DES_SEARCH })
const noIntegrity = (text: string): Remark => ({ weakness: 'no_integrity', text, source: CBC_ERRORS })
const clockAlone = (text: string): Remark => ({
  weakness: 'clock_alone',
  text,
  source: 'protocol.md section 2, freshness',
})
const noForwardSecrecy = (text: string): Remark => ({
  weakness: 'no_forward_secrecy',
  text,
  source: `${SECTION_3}; RFC 8446 appendix E.1`,
})
const clientUnknown = (text: string): Remark => ({
  weakness: 'client_unknown',
  text,
  source: 'protocol.md section 7; RFC 8446 section 4.3.2',
})

export const classicExplanations: Readonly<Record<StepNumber, StepExplanation>> = {
  1: {
    story:
      'The server asks the authority for a certificate. It makes up a temporary key for the answer and sends it under the authority’s public key, so that only the authority can read it.',
    guarantees: {
      confidentiality: yes('RSA-OAEP: only SK_CA opens it'),
      integrity: yes('RSA-OAEP: a changed block does not open'),
      freshness: partly('TS1 alone: a copy sent within the age limit is served too'),
      sender: no('anyone can ask, in any name'),
      forwardSecrecy: no('SK_CA, leaked later, opens it'),
    },
    weaknesses: [
      {
        weakness: 'name_unchecked',
        text: 'Anyone can ask for a certificate in any name: the authority asks nobody whose it is. With the setting “Who may register a name” the first who asks keeps it, or you are asked each time. Neither shows who asks.',
        source: 'protocol.md section 7; compare RFC 8555 section 8',
      },
      {
        weakness: 'no_possession',
        text: 'The asker shows no key of its own. The authority makes one and sends it.',
        source: `${SECTION_3}; compare RFC 2986 section 3`,
      },
      clockAlone(
        'A copy of the request, sent within the age limit, is served too: the authority issues one more certificate.',
      ),
      noForwardSecrecy(
        'Whoever gets SK_CA later can open this message; with the K_tmp1 in it they open step 2, and find SK_S there.',
      ),
    ],
    repairs: [],
  },
  2: {
    story:
      'The authority makes a key pair for the server, signs the server’s name and public key, and answers under the temporary key. The server checks every signature before it believes any of it.',
    guarantees: {
      confidentiality: partly('DES under K_tmp1: 56 key bits'),
      integrity: partly('CBC notices nothing; the signatures do, for all but TS2'),
      freshness: yes('a new K_tmp1 for each request, and TS2'),
      sender: yes('the authority signed both certificates'),
      forwardSecrecy: no('SK_CA, leaked later, opens step 1, then this'),
    },
    weaknesses: [
      {
        weakness: 'key_escrow',
        text: 'The authority made SK_S: it can answer in the server’s place with the very same key, and read all that is meant for the server.',
        source: SECTION_3,
      },
      shortKey('SK_S crosses under 56 key bits. In 1998 a machine found such a key in less than three days.'),
      noIntegrity('CBC notices no change. Only the signatures do, and they leave out TS2.'),
      noForwardSecrecy('Whoever gets SK_CA later can open step 1, then this, and has SK_S.'),
    ],
    repairs: [],
  },
  3: {
    story:
      'The client names itself and the server it wants, and asks for that server’s public key and certificate. No key has been agreed yet: the bootstrap key stands in for one.',
    guarantees: {
      confidentiality: no('K_boot is in every copy of the program'),
      integrity: no('whoever has K_boot can write any message'),
      freshness: no('TS3, which anyone can write'),
      sender: no('the client only says who it is'),
      forwardSecrecy: needless('K_boot keeps nothing secret in the first place'),
    },
    weaknesses: [
      bootstrapKey('This encryption protects nothing: anyone can read the message, change it, or write one.'),
      clientUnknown('The client only says who it is. Nobody checks that it is true.'),
      clockAlone(
        'A recorded message is answered again while its timestamp is fresh; and whoever knows K_boot can write one with a fresh timestamp.',
      ),
    ],
    repairs: [],
  },
  4: {
    story:
      'The server shows its public key and its certificates. The client does not trust the sender: it trusts the authority’s signature, and checks that it is about this key, this name and this address.',
    guarantees: {
      confidentiality: no('K_boot is in every copy of the program'),
      integrity: partly('what the authority signed; not TS4'),
      freshness: no('TS4, which anyone can write'),
      sender: no('a certificate is public: anyone can send it'),
      forwardSecrecy: needless('public key and certificates are public'),
    },
    weaknesses: [
      {
        weakness: 'no_proof',
        text: 'A certificate is public: it does not show that its sender holds the private key, or is there at all. Anyone who has seen it could have sent this. That proof only comes with step 6.',
        source: `${SECTION_3}; compare RFC 8446 section 4.4.3`,
      },
      bootstrapKey('Anyone can read this message and send it with a new TS4: freshness means nothing here.'),
      {
        weakness: 'no_revocation',
        text: 'Nobody asks whether the authority has taken the certificate back before its end: no step of this protocol asks for the authority’s revocation list.',
        source: 'protocol.md section 7; compare RFC 5280 section 6.3',
      },
    ],
    repairs: [],
  },
  5: {
    story:
      'The client makes up a temporary key and sends it under the public key it has just checked. Only the holder of the private key can read it: that is what proves the server in the next step.',
    guarantees: {
      confidentiality: partly('RSA-OAEP: SK_S opens it, and the authority has SK_S too'),
      integrity: yes('RSA-OAEP: a changed block does not open'),
      freshness: partly('TS5 alone: a copy makes another session while TS5 is fresh'),
      sender: no('anyone can write it: PK_S is public'),
      forwardSecrecy: no('SK_S, leaked later, opens it'),
    },
    weaknesses: [
      noForwardSecrecy(
        'Whoever gets SK_S later, or has made it, can open this, then step 6, then the whole session.',
      ),
      clientUnknown(
        'The client names itself once more; all that is checked is that step 3 named the same one.',
      ),
      clockAlone(
        'Recorded and sent again on another connection, steps 3 and 5 make the server open a session that their sender can’t use. IP_C and Port_C show that, and stop it if the server is set to enforce them.',
      ),
    ],
    repairs: [],
  },
  6: {
    story:
      'The server makes the session key, sets its lifetime and sends both under the client’s temporary key. That it could read that key is the first proof that the server is there.',
    guarantees: {
      confidentiality: partly('DES under K_tmp2: 56 key bits'),
      integrity: no('CBC notices nothing'),
      freshness: yes('a new K_tmp2 for each connection, and TS6'),
      sender: partly('who opened step 5: the server, or the authority'),
      forwardSecrecy: no('SK_S, leaked later, opens step 5, then this'),
    },
    weaknesses: [
      noIntegrity(
        'CBC notices no change: a flipped bit turns one block into noise and flips the same bit of the next. Such a message is refused here only because noise is no JSON: an accident, no protection.',
      ),
      shortKey('K_sess and the proof of the server hang on 56 key bits.'),
      {
        weakness: 'key_escrow',
        text: 'An answer under K_tmp2 proves that its sender has SK_S. The authority has SK_S too, and could have answered.',
        source: SECTION_3,
      },
      noForwardSecrecy('Whoever gets SK_S later can open step 5, then this, and has K_sess.'),
    ],
    repairs: [],
  },
  7: {
    story:
      'The client sends a request under the session key. It can do so again and again until the lifetime ends.',
    guarantees: {
      confidentiality: partly('DES under K_sess: 56 key bits'),
      integrity: no('CBC notices nothing'),
      freshness: partly('TS7 alone: a copy sent within the age limit is served too'),
      sender: partly('whoever sent step 5'),
      forwardSecrecy: no('SK_S, leaked later, opens steps 5 and 6, then this'),
    },
    weaknesses: [
      clockAlone('A recorded request, sent again while its timestamp is fresh, is served again.'),
      noIntegrity(
        'CBC notices no change: a long request can be changed so that the server takes it as the client’s.',
      ),
      shortKey(
        'K_sess has 56 key bits: one recorded message is enough to find it, by trying keys until it opens.',
      ),
      clientUnknown('The request is from whoever sent step 5; that its name is true was never checked.'),
      noForwardSecrecy('Whoever gets SK_S later can open steps 5 and 6, then every request.'),
    ],
    repairs: [],
  },
  8: {
    story: 'The server answers under the same session key.',
    guarantees: {
      confidentiality: partly('DES under K_sess: 56 key bits'),
      integrity: no('CBC notices nothing'),
      freshness: partly('TS8 alone: another answer that is still fresh passes for this one'),
      sender: partly('who has K_sess; without integrity that is no proof'),
      forwardSecrecy: no('SK_S, leaked later, opens steps 5 and 6, then this'),
    },
    weaknesses: [
      {
        weakness: 'unbound_answer',
        text: 'Nothing ties this answer to its request, and both directions use one key.',
        source: SECTION_3,
      },
      clockAlone('A recorded answer of the same session is taken for this one while its timestamp is fresh.'),
      noIntegrity(
        'CBC notices no change: long data can be changed so that the client takes them as the server’s.',
      ),
      shortKey(
        'K_sess has 56 key bits: one recorded message is enough to find it, by trying keys until it opens.',
      ),
      noForwardSecrecy('Whoever gets SK_S later can open steps 5 and 6, then every answer.'),
    ],
    repairs: [],
  },
}
