/**
 * A certificate of nobody's, for a TLS server on the loopback that is called wecom.test: Node makes keys but no certificates, and
 * openssl is not on every machine. It was made for these tests and protects nothing; it is valid until 2126.
 */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIoTa03h2o3p8VFza
mBILbQO9YAeMxWG3EXrslR3G1lKhRANCAAS9M77Rapt6CsuTp87EJ4LIEsKStjno
2+5vdC9rW5sPrb21OP8sTpvkqU3qeId832Y8LV6BIIVjTipPniuf5ov8
-----END PRIVATE KEY-----
`
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlzCCAT6gAwIBAgIUXrQ25I3tN+2KgzpGVcZfejqYvFowCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKd2Vjb20udGVzdDAgFw0yNjExMjYwNzA3NDlaGA8yMTI2MTEw
MjA3MDc0OVowFTETMBEGA1UEAwwKd2Vjb20udGVzdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABL0zvtFqm3oKy5OnzsQngsgSwpK2Oejb7m90L2tbmw+tvbU4/yxO
m+SpTep4h3zfZjwtXoEghWNOKk+eK5/mi/yjajBoMB0GA1UdDgQWBBRixXOPnC5f
UHUqcrHJH4ec/HAL6zAfBgNVHSMEGDAWgBRixXOPnC5fUHUqcrHJH4ec/HAL6zAP
BgNVHRMBAf8EBTADAQH/MBUGA1UdEQQOMAyCCndlY29tLnRlc3QwCgYIKoZIzj0E
AwIDRwAwRAIgMo8hkONOMsIRlUR/SUuKgqrokCkybbmITkIUgvuRwrcCIBLARXqb
MaLBqLrlhlMd+c8BE0Vtck8V4VOlOh7XpWlL
-----END CERTIFICATE-----
`
