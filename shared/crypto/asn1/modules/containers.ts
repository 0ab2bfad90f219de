/** What carries certificates and keys, in ASN.1 notation: CMS and PKCS#7 (RFC 5652, 2315), PKCS#12 (RFC 7292). */

export const CONTAINERS = `
ContentInfo ::= SEQUENCE {
  contentType OBJECT IDENTIFIER,
  content [0] ANY DEFINED BY contentType (Contents) OPTIONAL }
SignedData ::= SEQUENCE {
  version INTEGER,
  digestAlgorithms SET OF AlgorithmIdentifier,
  encapContentInfo EncapsulatedContentInfo,
  certificates [0] IMPLICIT CertificateSet OPTIONAL,
  crls [1] IMPLICIT SET OF CertificateList OPTIONAL,
  signerInfos SET OF SignerInfo }
EncapsulatedContentInfo ::= SEQUENCE {
  eContentType OBJECT IDENTIFIER,
  eContent [0] ANY DEFINED BY eContentType (EncapsulatedContents) OPTIONAL }
CertificateSet ::= SET OF CertificateChoices
CertificateChoices ::= CHOICE {
  certificate Certificate,
  extendedCertificate [0] IMPLICIT SEQUENCE OF ANY,
  v1AttrCert [1] IMPLICIT SEQUENCE OF ANY,
  v2AttrCert [2] IMPLICIT SEQUENCE OF ANY,
  other [3] IMPLICIT SEQUENCE OF ANY }
SignerInfo ::= SEQUENCE {
  version INTEGER,
  sid SignerIdentifier,
  digestAlgorithm AlgorithmIdentifier,
  signedAttrs [0] IMPLICIT Attributes OPTIONAL,
  signatureAlgorithm AlgorithmIdentifier,
  signature OCTET STRING,
  unsignedAttrs [1] IMPLICIT Attributes OPTIONAL }
SignerIdentifier ::= CHOICE {
  issuerAndSerialNumber IssuerAndSerialNumber,
  subjectKeyIdentifier [0] IMPLICIT KeyIdentifier }
IssuerAndSerialNumber ::= SEQUENCE { issuer Name, serialNumber CertificateSerialNumber }
EnvelopedData ::= SEQUENCE {
  version INTEGER,
  originatorInfo [0] IMPLICIT OriginatorInfo OPTIONAL,
  recipientInfos SET OF RecipientInfo,
  encryptedContentInfo EncryptedContentInfo,
  unprotectedAttrs [1] IMPLICIT Attributes OPTIONAL }
OriginatorInfo ::= SEQUENCE {
  certs [0] IMPLICIT CertificateSet OPTIONAL,
  crls [1] IMPLICIT SET OF CertificateList OPTIONAL }
RecipientInfo ::= CHOICE {
  ktri KeyTransRecipientInfo,
  kari [1] IMPLICIT SEQUENCE OF ANY,
  kekri [2] IMPLICIT SEQUENCE OF ANY,
  pwri [3] IMPLICIT SEQUENCE OF ANY,
  ori [4] IMPLICIT SEQUENCE OF ANY }
KeyTransRecipientInfo ::= SEQUENCE {
  version INTEGER,
  rid SignerIdentifier,
  keyEncryptionAlgorithm AlgorithmIdentifier,
  encryptedKey OCTET STRING }
EncryptedData ::= SEQUENCE {
  version INTEGER,
  encryptedContentInfo EncryptedContentInfo,
  unprotectedAttrs [1] IMPLICIT Attributes OPTIONAL }
EncryptedContentInfo ::= SEQUENCE {
  contentType OBJECT IDENTIFIER,
  contentEncryptionAlgorithm AlgorithmIdentifier,
  encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL }
Data ::= OCTET STRING

-- RFC 3161

TimeStampReq ::= SEQUENCE {
  version INTEGER,
  messageImprint MessageImprint,
  reqPolicy OBJECT IDENTIFIER OPTIONAL,
  nonce INTEGER OPTIONAL,
  certReq BOOLEAN DEFAULT FALSE,
  extensions [0] IMPLICIT Extensions OPTIONAL }
MessageImprint ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, hashedMessage OCTET STRING }
TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }
PKIStatusInfo ::= SEQUENCE {
  status PKIStatus,
  statusString SEQUENCE OF UTF8String OPTIONAL,
  failInfo PKIFailureInfo OPTIONAL }
PKIStatus ::= INTEGER {
  granted(0), grantedWithMods(1), rejection(2), waiting(3), revocationWarning(4), revocationNotification(5) }
PKIFailureInfo ::= BIT STRING {
  badAlg(0), badRequest(2), badDataFormat(5), timeNotAvailable(14), unacceptedPolicy(15), unacceptedExtension(16),
  addInfoNotAvailable(17), systemFailure(25) }
TSTInfoString ::= OCTET STRING (CONTAINING TSTInfo)
TSTInfo ::= SEQUENCE {
  version INTEGER,
  policy OBJECT IDENTIFIER,
  messageImprint MessageImprint,
  serialNumber INTEGER,
  genTime GeneralizedTime,
  accuracy Accuracy OPTIONAL,
  ordering BOOLEAN DEFAULT FALSE,
  nonce INTEGER OPTIONAL,
  tsa [0] GeneralName OPTIONAL,
  extensions [1] IMPLICIT Extensions OPTIONAL }
Accuracy ::= SEQUENCE {
  seconds INTEGER OPTIONAL, millis [0] IMPLICIT INTEGER OPTIONAL, micros [1] IMPLICIT INTEGER OPTIONAL }

-- RFC 7292

PFX ::= SEQUENCE { version INTEGER { v3(3) }, authSafe AuthSafe, macData MacData OPTIONAL }
AuthSafe ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] ANY DEFINED BY contentType (AuthSafes) }
AuthSafeData ::= OCTET STRING (CONTAINING AuthenticatedSafe)
AuthenticatedSafe ::= SEQUENCE OF SafeContentInfo
SafeContentInfo ::= SEQUENCE {
  contentType OBJECT IDENTIFIER,
  content [0] ANY DEFINED BY contentType (SafeContents) }
SafeData ::= OCTET STRING (CONTAINING SafeContents)
MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER OPTIONAL }
SafeContents ::= SEQUENCE OF SafeBag
SafeBag ::= SEQUENCE {
  bagId OBJECT IDENTIFIER,
  bagValue [0] ANY DEFINED BY bagId (Bags),
  bagAttributes Attributes OPTIONAL }
CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] ANY DEFINED BY certId (CertificateBags) }
X509CertificateBag ::= OCTET STRING (CONTAINING Certificate)
CRLBag ::= SEQUENCE { crlId OBJECT IDENTIFIER, crlValue [0] ANY DEFINED BY crlId (CertificateBags) }
X509CrlBag ::= OCTET STRING (CONTAINING CertificateList)
SecretBag ::= SEQUENCE { secretTypeId OBJECT IDENTIFIER, secretValue [0] ANY }
`
