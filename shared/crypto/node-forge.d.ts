/** What node-forge exports and its published types leave out. */
import 'node-forge'

declare module 'node-forge' {
  namespace pki {
    /** The part of a certificate that is signed, as ASN.1. */
    function getTBSCertificate(certificate: Certificate): asn1.Asn1

    /** The part of a certification request that is signed, as ASN.1. */
    function getCertificationRequestInfo(request: CertificateSigningRequest): asn1.Asn1

    interface CertificateSigningRequest {
      certificationRequestInfo: asn1.Asn1
    }
  }
}
