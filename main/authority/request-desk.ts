/** Where the person at an authority has certificates issued for requests from files (RFC 2986), with keys of any kind. */
import { toHex, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import { serialFrom, validFor, type Issuer } from '#shared/crypto/pki/issue'
import type { Environment } from '#shared/hl1/environment'
import { issueForRequest, type ChosenTerms } from '#shared/issuing/issue'
import { offerFor, type RequestOffer } from '#shared/issuing/offer'
import type { SignedView } from '#shared/lab'

/** A certificate for a request. */
export type SignedCertificate = Omit<SignedView, 'revoked'>

export interface RequestDeskOptions {
  readonly environment: Pick<Environment, 'now' | 'random' | 'crypto'>
  /** Where the authority's revocation list is handed out, where certificates are to say so. */
  readonly listAt: () => string | undefined
  /** Another certificate was issued. */
  readonly onChange: () => void
}

/** How many certificates are kept to be shown. */
const SIGNED_KEPT = 1_000

export class RequestDesk {
  #signed: readonly SignedCertificate[] = []

  constructor(
    private readonly issuer: Issuer,
    private readonly options: RequestDeskOptions,
  ) {}

  /** What it has issued, oldest first. */
  get signed(): readonly SignedCertificate[] {
    return this.#signed
  }

  /**
   * What a certificate would take from a request, DER.
   * @throws LabError `bad_request_bytes` when it is none at all
   */
  offerFor(request: Bytes): Promise<RequestOffer> {
    return offerFor(request, this.issuer.certificate.subject.der)
  }

  /**
   * Issues a certificate for a request, DER.
   * @throws LabError `bad_request_bytes`, `request_refused`
   */
  async issueFor(request: Bytes, { names, purposes, days }: ChosenTerms): Promise<SignedCertificate> {
    const { environment, listAt, onChange } = this.options
    const offer = await this.offerFor(request)
    const serial = serialFrom(environment.random(16))
    const at = environment.now()
    const terms = { names, purposes, validity: validFor(days, at), serial, listAt: listAt() }
    const der = await issueForRequest(this.issuer, offer, terms, environment.crypto)
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
}
