/** Where the person at an authority has certificates issued for requests from files (RFC 2986), with keys of any kind. */
import { toHex, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import { serialFrom, validFor, type Issuer, type Validity } from '#shared/crypto/pki/issue'
import type { Environment } from '#shared/hl1/environment'
import type { ChosenTerms } from '#shared/issuing/issue'
import type { RequestOffer } from '#shared/issuing/offer'
import type { SignedView } from '#shared/lab'
import { LabError } from '#shared/errors'
import type { JudgeRequest } from './judge-request'

/** A certificate for a request. */
export type SignedCertificate = Omit<SignedView, 'revoked'>

export interface RequestDeskOptions {
  readonly environment: Pick<Environment, 'now' | 'random' | 'crypto'>
  /** Where the authority's revocation list is handed out, where certificates are to say so. */
  readonly listAt: () => string | undefined
  /** Reads and judges requests somewhere else: nothing of one is read here. */
  readonly judgeRequest: JudgeRequest
  /** Another certificate was issued. */
  readonly onChange: () => void
}

const GONE = 'The authority is not running any more, or has become another one.'
/** How many certificates are kept to be shown. */
const SIGNED_KEPT = 1_000

export class RequestDesk {
  #signed: readonly SignedCertificate[] = []

  constructor(
    private issuer: Issuer | undefined,
    private readonly options: RequestDeskOptions,
  ) {}

  /** What it has issued, oldest first. */
  get signed(): readonly SignedCertificate[] {
    return this.#signed
  }

  /**
   * What a certificate would take from a request, DER.
   * @throws LabError `not_running`; as {@link JudgeRequest} does, for instance `bad_request_bytes` when it is none at all
   */
  async offerFor(request: Bytes): Promise<RequestOffer> {
    return this.options.judgeRequest(request, this.#present.certificate.subject.der)
  }

  /**
   * Issues a certificate for a request, DER, which is judged once more: what is signed is what that comes to.
   * @throws LabError `request_refused`, `not_running`; as {@link JudgeRequest} does
   */
  async issueFor(request: Bytes, { names, purposes, days }: ChosenTerms): Promise<SignedCertificate> {
    const { environment, listAt, onChange } = this.options
    const [offer, { issueForRequest }] = await Promise.all([
      this.offerFor(request),
      import('#shared/issuing/issue'),
    ])
    const serial = serialFrom(environment.random(16))
    const at = environment.now()
    const issuer = this.#present
    const terms = { names, purposes, validity: validityWithin(issuer, days, at), serial, listAt: listAt() }
    const der = await issueForRequest(issuer, offer, terms, environment.crypto)
    // Nobody could revoke what an authority has signed that is gone.
    if (issuer !== this.issuer) throw new LabError('not_running', GONE)
    const signed: SignedCertificate = {
      id: toHex(serial),
      at,
      title: offer.subject || (names[0] ?? ''),
      pem: encodePem('CERTIFICATE', der),
      key: offer.key,
      names,
    }
    this.#signed = [...this.#signed, signed].slice(-SIGNED_KEPT)
    onChange()
    return signed
  }

  /** Issues no more: the authority is gone, and so is its key. What it has issued stays to be seen. */
  end(): void {
    this.issuer = undefined
  }

  get #present(): Issuer {
    if (this.issuer) return this.issuer
    throw new LabError('not_running', GONE)
  }
}

/** No certificate is good for longer than that of who has issued it. @throws LabError `request_refused` once that is over */
function validityWithin({ certificate }: Issuer, days: number, now: number): Validity {
  const wanted = validFor(days, now)
  if (certificate.notAfter <= now)
    throw new LabError(
      'request_refused',
      'The authority’s own certificate has expired: make a new authority.',
    )
  return { ...wanted, notAfter: Math.min(wanted.notAfter, certificate.notAfter) }
}
