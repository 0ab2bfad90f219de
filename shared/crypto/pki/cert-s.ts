/** `Cert_S`: a signature of the authority over identity, issuer and public key (protocol.md section 2). */
import { toUtf8, type Bytes } from '../../bytes'
import type { RsaPrivateKey, RsaPublicKey } from '../primitives/rsa'
import type { CryptoProvider } from '../provider'

/** The three parts that are signed. `pkS` is the exact PEM text of the public key. */
export interface CertSParts {
  readonly idS: string
  readonly idCa: string
  readonly pkS: string
}

/** The signed text: the three parts joined by one line feed each. */
export function certSText({ idS, idCa, pkS }: CertSParts): string {
  return `${idS}\n${idCa}\n${pkS}`
}

/** Signs the parts with RSASSA-PKCS1-v1_5 and SHA-256 under SK_CA. */
export function signCertS(
  authorityKey: RsaPrivateKey,
  parts: CertSParts,
  { signPkcs1 }: Pick<CryptoProvider, 'signPkcs1'>,
): Promise<Bytes> {
  return signPkcs1(authorityKey, toUtf8(certSText(parts)))
}

/** Verifies the signature over the parts with PK_CA. */
export function verifyCertS(
  authorityKey: RsaPublicKey,
  parts: CertSParts,
  signature: Bytes,
  { verifyPkcs1 }: Pick<CryptoProvider, 'verifyPkcs1'>,
): Promise<boolean> {
  return verifyPkcs1(authorityKey, signature, toUtf8(certSText(parts)))
}
