/** What an OID says of the value beside it: for `ANY DEFINED BY field (Table)`, the type by the OID's name. */

/** A value that is no ASN.1 inside, though it stands in a string that could hold some. */
export const RAW = 'RAW'

/** Gives the same type to several names. */
function each(names: string, type: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, type]),
  )
}

export const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Parameters: {
    // RFC 3279 section 2.3.1, RFC 4055 section 5
    ...each(
      `rsaEncryption md5WithRSAEncryption sha1WithRSAEncryption sha224WithRSAEncryption sha256WithRSAEncryption
      sha384WithRSAEncryption sha512WithRSAEncryption`,
      'NULL',
    ),
    'id-RSASSA-PSS': 'RSASSA-PSS-params',
    'id-RSAES-OAEP': 'RSAES-OAEP-params',
    'id-mgf1': 'AlgorithmIdentifier',
    'id-pSpecified': 'OAEPLabel',
    ...each('id-ecPublicKey id-ecDH id-ecMQV', 'ECParameters'),
    ...each('id-dsa dsaOIW', 'Dss-Parms'),
    dhKeyAgreement: 'DHParameter',
    dhpublicnumber: 'DomainParameters',
    PBES2: 'PBES2-params',
    PBKDF2: 'PBKDF2-params',
    PBMAC1: 'PBMAC1-params',
    scrypt: 'Scrypt-params',
    ...each(
      `pbeWithMD2AndDES-CBC pbeWithMD5AndDES-CBC pbeWithMD2AndRC2-CBC pbeWithMD5AndRC2-CBC pbeWithSHA1AndDES-CBC
      pbeWithSHA1AndRC2-CBC pbeWithSHAAnd128BitRC4 pbeWithSHAAnd40BitRC4 pbeWithSHAAnd3-KeyTripleDES-CBC
      pbeWithSHAAnd2-KeyTripleDES-CBC pbeWithSHAAnd128BitRC2-CBC pbeWithSHAAnd40BitRC2-CBC`,
      'PBEParameter',
    ),
    ...each('aes128-CBC aes192-CBC aes256-CBC des-EDE3-CBC desCBC', 'InitialVector'),
    ...each('aes128-GCM aes192-GCM aes256-GCM', 'GCMParameters'),
    rc2CBC: 'RC2-CBC-Parameter',
  },
  PublicKeys: {
    ...each('rsaEncryption rsa id-RSASSA-PSS id-RSAES-OAEP', 'RSAPublicKey'),
    ...each('id-ecPublicKey id-ecDH id-ecMQV Ed25519 Ed448 X25519 X448', RAW),
    ...each('id-dsa dsaOIW', 'DSAPublicKey'),
    ...each('dhKeyAgreement dhpublicnumber', 'DHPublicKey'),
  },
  PrivateKeys: {
    ...each('rsaEncryption rsa id-RSASSA-PSS id-RSAES-OAEP', 'RSAPrivateKey'),
    ...each('id-ecPublicKey id-ecDH id-ecMQV', 'ECPrivateKey'),
    ...each('Ed25519 Ed448 X25519 X448', 'CurvePrivateKey'),
    ...each('id-dsa dsaOIW', 'DSAPrivateValue'),
    ...each('dhKeyAgreement dhpublicnumber', 'DHPrivateValue'),
  },
  Signatures: {
    ...each(
      `md2WithRSAEncryption md4WithRSAEncryption md5WithRSAEncryption sha1WithRSAEncryption sha224WithRSAEncryption
      sha256WithRSAEncryption sha384WithRSAEncryption sha512WithRSAEncryption id-RSASSA-PSS sha1WithRSAOIW
      Ed25519 Ed448`,
      RAW,
    ),
    ...each(
      'ecdsa-with-SHA1 ecdsa-with-SHA224 ecdsa-with-SHA256 ecdsa-with-SHA384 ecdsa-with-SHA512',
      'ECDSA-Sig-Value',
    ),
    ...each('id-dsa-with-sha1 dsaWithSHA1OIW dsa-with-SHA224 dsa-with-SHA256', 'Dss-Sig-Value'),
  },
  Extensions: {
    authorityKeyIdentifier: 'AuthorityKeyIdentifier',
    subjectKeyIdentifier: 'KeyIdentifier',
    keyUsage: 'KeyUsage',
    privateKeyUsagePeriod: 'PrivateKeyUsagePeriod',
    ...each('certificatePolicies msApplicationPolicies', 'CertificatePolicies'),
    policyMappings: 'PolicyMappings',
    ...each('subjectAltName issuerAltName certificateIssuer', 'GeneralNames'),
    subjectDirectoryAttributes: 'SubjectDirectoryAttributes',
    basicConstraints: 'BasicConstraints',
    nameConstraints: 'NameConstraints',
    policyConstraints: 'PolicyConstraints',
    extKeyUsage: 'ExtKeyUsageSyntax',
    ...each('cRLDistributionPoints freshestCRL', 'CRLDistributionPoints'),
    inhibitAnyPolicy: 'SkipCerts',
    ...each('authorityInfoAccess subjectInfoAccess', 'InfoAccessSyntax'),
    ...each('cRLNumber deltaCRLIndicator', 'CRLNumber'),
    issuingDistributionPoint: 'IssuingDistributionPoint',
    cRLReason: 'CRLReason',
    invalidityDate: 'InvalidityDate',
    tlsFeature: 'TLSFeatures',
    ...each(
      'signedCertificateTimestampList ocspSignedCertificateTimestampList',
      'SignedCertificateTimestampList',
    ),
    qcStatements: 'QCStatements',
    msCertificateTemplate: 'CertificateTemplate',
    netscapeCertType: 'NetscapeCertType',
    cabfOrganizationIdentifier: 'CABFOrganizationIdentifier',
    msNtdsSecurity: 'GeneralNames',
  },
  PolicyQualifiers: { cps: 'CPSuri', userNotice: 'UserNotice' },
  Attributes: {
    ...each('extensionRequest msExtensionRequest', 'Extensions'),
    contentType: 'OBJECT IDENTIFIER',
    messageDigest: 'OCTET STRING',
    localKeyId: 'OCTET STRING',
    signingTime: 'Time',
  },
  Contents: {
    data: 'Data',
    signedData: 'SignedData',
    envelopedData: 'EnvelopedData',
    encryptedData: 'EncryptedData',
  },
  EncapsulatedContents: { tSTInfo: 'TSTInfoString' },
  Statements: {
    qcLimitValue: 'MonetaryValue',
    qcRetentionPeriod: 'RetentionPeriod',
    qcPDS: 'PDSLocations',
    qcType: 'QcTypes',
    qcCClegislation: 'QcCountries',
  },
  AuthSafes: { data: 'AuthSafeData', signedData: 'SignedData' },
  SafeContents: { data: 'SafeData', envelopedData: 'EnvelopedData', encryptedData: 'EncryptedData' },
  Bags: {
    keyBag: 'OneAsymmetricKey',
    pkcs8ShroudedKeyBag: 'EncryptedPrivateKeyInfo',
    certBag: 'CertBag',
    crlBag: 'CRLBag',
    secretBag: 'SecretBag',
    safeContentsBag: 'SafeContents',
  },
  CertificateBags: { x509Certificate: 'X509CertificateBag', x509Crl: 'X509CrlBag' },
  Responses: { ocspBasic: 'BasicOCSPResponse' },
}
