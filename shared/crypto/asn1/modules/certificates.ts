/** Certificates, revocation lists and their extensions in ASN.1 notation: RFC 5280, 2986, 3739, 6960, 6962, 7633. */

export const CERTIFICATES = `
Certificate ::= SEQUENCE {
  tbsCertificate TBSCertificate,
  signatureAlgorithm AlgorithmIdentifier,
  signatureValue BIT STRING (CONTAINING ANY DEFINED BY signatureAlgorithm (Signatures)) }
TBSCertificate ::= SEQUENCE {
  version [0] Version DEFAULT 0,
  serialNumber CertificateSerialNumber,
  signature AlgorithmIdentifier,
  issuer Name,
  validity Validity,
  subject Name,
  subjectPublicKeyInfo SubjectPublicKeyInfo,
  issuerUniqueID [1] IMPLICIT UniqueIdentifier OPTIONAL,
  subjectUniqueID [2] IMPLICIT UniqueIdentifier OPTIONAL,
  extensions [3] Extensions OPTIONAL }
Version ::= INTEGER { v1(0), v2(1), v3(2) }
CertificateSerialNumber ::= INTEGER
UniqueIdentifier ::= BIT STRING
Validity ::= SEQUENCE { notBefore Time, notAfter Time }
Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }
-- A CHOICE of just this
Name ::= SEQUENCE OF RelativeDistinguishedName
RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
-- Of the values those that are in use; others were never allowed (X.520)
AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value CHOICE {
  utf8String UTF8String, printableString PrintableString, ia5String IA5String, teletexString TeletexString,
  universalString UniversalString, bmpString BMPString, numericString NumericString, bitString BIT STRING } }
Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
Extension ::= SEQUENCE {
  extnID OBJECT IDENTIFIER,
  critical BOOLEAN DEFAULT FALSE,
  extnValue OCTET STRING (CONTAINING ANY DEFINED BY extnID (Extensions)) }

-- RFC 2986

CertificationRequest ::= SEQUENCE {
  certificationRequestInfo CertificationRequestInfo,
  signatureAlgorithm AlgorithmIdentifier,
  signature BIT STRING (CONTAINING ANY DEFINED BY signatureAlgorithm (Signatures)) }
CertificationRequestInfo ::= SEQUENCE {
  version Version,
  subject Name,
  subjectPKInfo SubjectPublicKeyInfo,
  attributes [0] IMPLICIT Attributes OPTIONAL }
Attributes ::= SET OF Attribute
Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET SIZE (1..MAX) OF ANY DEFINED BY type (Attributes) }

-- Revocation

CertificateList ::= SEQUENCE {
  tbsCertList TBSCertList,
  signatureAlgorithm AlgorithmIdentifier,
  signatureValue BIT STRING (CONTAINING ANY DEFINED BY signatureAlgorithm (Signatures)) }
TBSCertList ::= SEQUENCE {
  version Version OPTIONAL,
  signature AlgorithmIdentifier,
  issuer Name,
  thisUpdate Time,
  nextUpdate Time OPTIONAL,
  revokedCertificates SEQUENCE OF RevokedCertificate OPTIONAL,
  crlExtensions [0] Extensions OPTIONAL }
RevokedCertificate ::= SEQUENCE {
  userCertificate CertificateSerialNumber,
  revocationDate Time,
  crlEntryExtensions Extensions OPTIONAL }

-- Names

GeneralNames ::= SEQUENCE OF GeneralName
GeneralName ::= CHOICE {
  otherName [0] IMPLICIT AnotherName,
  rfc822Name [1] IMPLICIT IA5String,
  dNSName [2] IMPLICIT IA5String,
  x400Address [3] IMPLICIT ORAddress,
  directoryName [4] Name,
  ediPartyName [5] IMPLICIT EDIPartyName,
  uniformResourceIdentifier [6] IMPLICIT IA5String,
  iPAddress [7] IMPLICIT IPAddress,
  registeredID [8] IMPLICIT OBJECT IDENTIFIER }
AnotherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] ANY }
ORAddress ::= SEQUENCE OF ANY
EDIPartyName ::= SEQUENCE { nameAssigner [0] DirectoryString OPTIONAL, partyName [1] DirectoryString }
IPAddress ::= OCTET STRING
DirectoryString ::= CHOICE {
  teletexString TeletexString,
  printableString PrintableString,
  universalString UniversalString,
  utf8String UTF8String,
  bmpString BMPString }

-- Extensions

AuthorityKeyIdentifier ::= SEQUENCE {
  keyIdentifier [0] IMPLICIT KeyIdentifier OPTIONAL,
  authorityCertIssuer [1] IMPLICIT GeneralNames OPTIONAL,
  authorityCertSerialNumber [2] IMPLICIT CertificateSerialNumber OPTIONAL }
KeyIdentifier ::= OCTET STRING
KeyUsage ::= BIT STRING {
  digitalSignature(0), nonRepudiation(1), keyEncipherment(2), dataEncipherment(3), keyAgreement(4),
  keyCertSign(5), cRLSign(6), encipherOnly(7), decipherOnly(8) }
PrivateKeyUsagePeriod ::= SEQUENCE {
  notBefore [0] IMPLICIT GeneralizedTime OPTIONAL,
  notAfter [1] IMPLICIT GeneralizedTime OPTIONAL }
CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
PolicyInformation ::= SEQUENCE {
  policyIdentifier OBJECT IDENTIFIER,
  policyQualifiers SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
PolicyQualifierInfo ::= SEQUENCE {
  policyQualifierId OBJECT IDENTIFIER,
  qualifier ANY DEFINED BY policyQualifierId (PolicyQualifiers) }
CPSuri ::= IA5String
UserNotice ::= SEQUENCE { noticeRef NoticeReference OPTIONAL, explicitText DisplayText OPTIONAL }
NoticeReference ::= SEQUENCE { organization DisplayText, noticeNumbers SEQUENCE OF INTEGER }
DisplayText ::= CHOICE {
  ia5String IA5String, visibleString VisibleString, bmpString BMPString, utf8String UTF8String }
PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF PolicyMapping
PolicyMapping ::= SEQUENCE {
  issuerDomainPolicy OBJECT IDENTIFIER,
  subjectDomainPolicy OBJECT IDENTIFIER }
SubjectDirectoryAttributes ::= SEQUENCE SIZE (1..MAX) OF Attribute
BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }
NameConstraints ::= SEQUENCE {
  permittedSubtrees [0] IMPLICIT GeneralSubtrees OPTIONAL,
  excludedSubtrees [1] IMPLICIT GeneralSubtrees OPTIONAL }
GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
GeneralSubtree ::= SEQUENCE {
  base GeneralName,
  minimum [0] IMPLICIT INTEGER DEFAULT 0,
  maximum [1] IMPLICIT INTEGER OPTIONAL }
PolicyConstraints ::= SEQUENCE {
  requireExplicitPolicy [0] IMPLICIT INTEGER OPTIONAL,
  inhibitPolicyMapping [1] IMPLICIT INTEGER OPTIONAL }
SkipCerts ::= INTEGER
ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
KeyPurposeId ::= OBJECT IDENTIFIER
CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
DistributionPoint ::= SEQUENCE {
  distributionPoint [0] DistributionPointName OPTIONAL,
  reasons [1] IMPLICIT ReasonFlags OPTIONAL,
  cRLIssuer [2] IMPLICIT GeneralNames OPTIONAL }
DistributionPointName ::= CHOICE {
  fullName [0] IMPLICIT GeneralNames,
  nameRelativeToCRLIssuer [1] IMPLICIT RelativeDistinguishedName }
ReasonFlags ::= BIT STRING {
  unused(0), keyCompromise(1), cACompromise(2), affiliationChanged(3), superseded(4), cessationOfOperation(5),
  certificateHold(6), privilegeWithdrawn(7), aACompromise(8) }
InfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }
CRLNumber ::= INTEGER
IssuingDistributionPoint ::= SEQUENCE {
  distributionPoint [0] DistributionPointName OPTIONAL,
  onlyContainsUserCerts [1] IMPLICIT BOOLEAN DEFAULT FALSE,
  onlyContainsCACerts [2] IMPLICIT BOOLEAN DEFAULT FALSE,
  onlySomeReasons [3] IMPLICIT ReasonFlags OPTIONAL,
  indirectCRL [4] IMPLICIT BOOLEAN DEFAULT FALSE,
  onlyContainsAttributeCerts [5] IMPLICIT BOOLEAN DEFAULT FALSE }
CRLReason ::= ENUMERATED {
  unspecified(0), keyCompromise(1), cACompromise(2), affiliationChanged(3), superseded(4), cessationOfOperation(5),
  certificateHold(6), removeFromCRL(8), privilegeWithdrawn(9), aACompromise(10) }
InvalidityDate ::= GeneralizedTime
TLSFeatures ::= SEQUENCE OF TLSFeature
TLSFeature ::= INTEGER { status-request(5), status-request-v2(17) }
-- The content is in TLS's own encoding, RFC 6962 section 3.3
SignedCertificateTimestampList ::= OCTET STRING
QCStatements ::= SEQUENCE OF QCStatement
QCStatement ::= SEQUENCE {
  statementId OBJECT IDENTIFIER,
  statementInfo ANY DEFINED BY statementId (Statements) OPTIONAL }
MonetaryValue ::= SEQUENCE { currency Currency, amount INTEGER, exponent INTEGER }
Currency ::= CHOICE { alphabetic PrintableString, numeric INTEGER }
RetentionPeriod ::= INTEGER
PDSLocations ::= SEQUENCE OF PDSLocation
PDSLocation ::= SEQUENCE { url IA5String, language PrintableString }
QcTypes ::= SEQUENCE OF OBJECT IDENTIFIER
QcCountries ::= SEQUENCE OF PrintableString
-- CA/Browser Forum, EV guidelines 9.8.2
CABFOrganizationIdentifier ::= SEQUENCE {
  registrationSchemeIdentifier PrintableString,
  registrationCountry PrintableString,
  registrationStateOrProvince [0] IMPLICIT PrintableString OPTIONAL,
  registrationReference UTF8String }
CertificateTemplate ::= SEQUENCE {
  templateID OBJECT IDENTIFIER, templateMajorVersion INTEGER OPTIONAL, templateMinorVersion INTEGER OPTIONAL }
NetscapeCertType ::= BIT STRING {
  sslClient(0), sslServer(1), smime(2), objectSigning(3), reserved(4), sslCA(5), smimeCA(6), objectSigningCA(7) }

-- RFC 6960

OCSPRequest ::= SEQUENCE { tbsRequest TBSRequest, optionalSignature [0] OCSPSignature OPTIONAL }
TBSRequest ::= SEQUENCE {
  version [0] Version DEFAULT 0,
  requestorName [1] GeneralName OPTIONAL,
  requestList SEQUENCE OF Request,
  requestExtensions [2] Extensions OPTIONAL }
OCSPSignature ::= SEQUENCE {
  signatureAlgorithm AlgorithmIdentifier,
  signature BIT STRING,
  certs [0] SEQUENCE OF Certificate OPTIONAL }
Request ::= SEQUENCE { reqCert CertID, singleRequestExtensions [0] Extensions OPTIONAL }
CertID ::= SEQUENCE {
  hashAlgorithm AlgorithmIdentifier,
  issuerNameHash OCTET STRING,
  issuerKeyHash OCTET STRING,
  serialNumber CertificateSerialNumber }
OCSPResponse ::= SEQUENCE { responseStatus OCSPResponseStatus, responseBytes [0] ResponseBytes OPTIONAL }
OCSPResponseStatus ::= ENUMERATED {
  successful(0), malformedRequest(1), internalError(2), tryLater(3), sigRequired(5), unauthorized(6) }
ResponseBytes ::= SEQUENCE {
  responseType OBJECT IDENTIFIER,
  response OCTET STRING (CONTAINING ANY DEFINED BY responseType (Responses)) }
BasicOCSPResponse ::= SEQUENCE {
  tbsResponseData ResponseData,
  signatureAlgorithm AlgorithmIdentifier,
  signature BIT STRING (CONTAINING ANY DEFINED BY signatureAlgorithm (Signatures)),
  certs [0] SEQUENCE OF Certificate OPTIONAL }
ResponseData ::= SEQUENCE {
  version [0] Version DEFAULT 0,
  responderID ResponderID,
  producedAt GeneralizedTime,
  responses SEQUENCE OF SingleResponse,
  responseExtensions [1] Extensions OPTIONAL }
ResponderID ::= CHOICE { byName [1] Name, byKey [2] OCTET STRING }
SingleResponse ::= SEQUENCE {
  certID CertID,
  certStatus CertStatus,
  thisUpdate GeneralizedTime,
  nextUpdate [0] GeneralizedTime OPTIONAL,
  singleExtensions [1] Extensions OPTIONAL }
CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL }
RevokedInfo ::= SEQUENCE { revocationTime GeneralizedTime, revocationReason [0] CRLReason OPTIONAL }

-- RFC 5755

AttributeCertificate ::= SEQUENCE {
  acinfo AttributeCertificateInfo,
  signatureAlgorithm AlgorithmIdentifier,
  signatureValue BIT STRING (CONTAINING ANY DEFINED BY signatureAlgorithm (Signatures)) }
AttributeCertificateInfo ::= SEQUENCE {
  version INTEGER,
  holder Holder,
  issuer AttCertIssuer,
  signature AlgorithmIdentifier,
  serialNumber CertificateSerialNumber,
  attrCertValidityPeriod AttCertValidityPeriod,
  attributes SEQUENCE OF Attribute,
  issuerUniqueID BIT STRING OPTIONAL,
  extensions Extensions OPTIONAL }
Holder ::= SEQUENCE {
  baseCertificateID [0] IMPLICIT IssuerSerial OPTIONAL,
  entityName [1] IMPLICIT GeneralNames OPTIONAL,
  objectDigestInfo [2] IMPLICIT SEQUENCE OF ANY OPTIONAL }
AttCertIssuer ::= CHOICE { v1Form GeneralNames, v2Form [0] IMPLICIT V2Form }
V2Form ::= SEQUENCE {
  issuerName GeneralNames OPTIONAL,
  baseCertificateID [0] IMPLICIT IssuerSerial OPTIONAL,
  objectDigestInfo [1] IMPLICIT SEQUENCE OF ANY OPTIONAL }
IssuerSerial ::= SEQUENCE { issuer GeneralNames, serial CertificateSerialNumber, issuerUID BIT STRING OPTIONAL }
AttCertValidityPeriod ::= SEQUENCE { notBeforeTime GeneralizedTime, notAfterTime GeneralizedTime }
`
