/** What node-forge exports and its published types leave out. */
import 'node-forge'

declare module 'node-forge' {
  namespace asn1 {
    /** Reads one element; bytes after it are an error. Without `decodeBitStrings` a BIT STRING's content stays bytes. */
    function fromDer(bytes: string, options: { readonly decodeBitStrings: boolean }): Asn1
  }

  namespace md {
    interface MessageDigest {
      /** Begins anew. */
      start(): this
    }
  }

  namespace pki {
    /** The part of a certificate that is signed, as ASN.1. */
    function getTBSCertificate(certificate: Certificate): asn1.Asn1

    /** Extensions whose values are known, behind their context tag, as ASN.1. */
    function certificateExtensionsToAsn1(extensions: Certificate['extensions']): asn1.Asn1

    /** The part of a certification request that is signed, as ASN.1. */
    function getCertificationRequestInfo(request: CertificateSigningRequest): asn1.Asn1

    interface CertificateSigningRequest {
      certificationRequestInfo: asn1.Asn1
    }
  }
}
