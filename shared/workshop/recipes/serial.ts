/** Serial numbers (RFC 5280 section 4.1.2.2): each of an authority's own, positive, and of at most 20 bytes. */
import { leaf } from '../plain'
import { handshakes, recipesOf, refused, refusedByWeb } from '../recipe'
import { DER_NOT_HELD } from './reasons'

const RULE = 'RFC 5280 section 4.1.2.2'

export const SERIALS = recipesOf('serial', [
  {
    id: 'serial-zero',
    title: 'Serial number zero',
    wrong: 'The serial number is 0, and has to be positive.',
    rule: RULE,
    otherwise: 'Programs that take 0 for no number would find no entry for it in a revocation list.',
    chain: leaf({ serial: 'zero' }),
    predicts: refusedByWeb('form'),
  },
  {
    id: 'serial-negative',
    title: 'Negative serial number',
    wrong: 'The first bit of the serial number is set, which makes it negative.',
    rule: RULE,
    otherwise: 'Who reads it without the sign looks for another number in a revocation list.',
    chain: leaf({ serial: 'negative' }),
    predicts: refusedByWeb('form'),
  },
  {
    id: 'serial-too-long',
    title: 'Serial number of 33 bytes',
    wrong: 'The serial number is longer than 20 bytes.',
    rule: RULE,
    otherwise: 'Programs with room for 20 bytes would cut it off, and take it for another one.',
    chain: leaf({ serial: '33 bytes' }),
    predicts: refusedByWeb('form'),
  },
  {
    id: 'serial-redundant-zeros',
    title: 'Serial number with a needless zero',
    wrong: 'The serial number has a zero byte in front that it does not need, so it is not DER.',
    rule: 'RFC 5280 section 4.1',
    otherwise: 'One number would have many forms, and a revoked certificate many fingerprints.',
    chain: leaf({ serial: 'redundant zeros' }),
    predicts: refused(
      'form',
      { certtool: 'accepted', ...handshakes('unservable') },
      { certtool: DER_NOT_HELD },
    ),
  },
])
