// The certificate library's dependency injection asks for this polyfill before it is loaded.
import 'reflect-metadata';
import { generateKeyPair, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import type { IssuedCertificate } from '@counterpoint/fabric';
import * as x509 from '@peculiar/x509';
import { errors } from '../errors.ts';

/** A certificate authority: its private key (PKCS #8, PEM) and its own certificate (PEM). */
export interface AuthorityKeys {
  readonly key: string;
  readonly certificate: string;
}

/** From when until when something is valid, in Unix milliseconds. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

const SIGNING = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const AUTHORITY_BITS = 3_072;
const SERVER_BITS = 2_048;
const LEAST_BITS = 2_048;
const SERIAL_BYTES = 16;
const LARGEST_REQUEST = 32_768;
const USAGE = x509.KeyUsageFlags;
const rsaKeyPair = promisify(generateKeyPair);

x509.cryptoProvider.set(webcrypto);

async function newRsaKey(modulusLength: number): Promise<{ readonly key: string; readonly public: string }> {
  const { privateKey, publicKey } = await rsaKeyPair('rsa', { modulusLength });
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    public: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function importKey(format: 'pkcs8' | 'spki', pem: string): Promise<webcrypto.CryptoKey> {
  const usage = format === 'pkcs8' ? 'sign' : 'verify';
  const [der] = x509.PemConverter.decode(pem);
  return webcrypto.subtle.importKey(format, der as ArrayBuffer, SIGNING, true, [usage]);
}

function serialNumber(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  // Positive and without a leading zero byte, as DER wants integers.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** Makes a certificate authority that signs itself: RSA 3072, SHA-256, for leaf certificates only. */
export async function makeAuthority(name: string, validity: Validity): Promise<AuthorityKeys> {
  const pair = await newRsaKey(AUTHORITY_BITS);
  const publicKey = await importKey('spki', pair.public);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    notBefore: new Date(validity.notBefore),
    notAfter: new Date(validity.notAfter),
    signingAlgorithm: SIGNING,
    keys: { privateKey: await importKey('pkcs8', pair.key), publicKey },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(USAGE.keyCertSign | USAGE.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return { key: pair.key, certificate: `${certificate.toString('pem')}\n` };
}

interface Leaf {
  readonly subject: string | x509.JsonName;
  readonly publicKey: x509.PublicKey | webcrypto.CryptoKey;
  readonly purpose: x509.ExtendedKeyUsage;
  readonly names?: readonly string[];
  readonly validity: Validity;
}

async function sign(authority: AuthorityKeys, { subject, publicKey, purpose, names, validity }: Leaf) {
  const issuer = new x509.X509Certificate(authority.certificate);
  const alternatives = names?.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name }));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: issuer.subjectName,
    notBefore: new Date(validity.notBefore),
    notAfter: new Date(validity.notAfter),
    signingAlgorithm: SIGNING,
    publicKey,
    signingKey: await importKey('pkcs8', authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(USAGE.digitalSignature | USAGE.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension([purpose]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(alternatives ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** Makes a key (RSA 2048, which every OpenDXL client can use) and a certificate for a server under some names. */
export async function issueServer(
  authority: AuthorityKeys,
  names: readonly string[],
  validity: Validity,
): Promise<AuthorityKeys> {
  const pair = await newRsaKey(SERVER_BITS);
  const publicKey = await importKey('spki', pair.public);
  const subject = [{ CN: [names[0] ?? 'counterpoint'] }];
  const purpose = x509.ExtendedKeyUsage.serverAuth;
  return { key: pair.key, certificate: await sign(authority, { subject, publicKey, purpose, names, validity }) };
}

/**
 * Signs a certificate request of a client. Only its public key and its name are taken over; it decides neither the purpose
 * nor how long it lasts.
 *
 * @throws gateway.csr_invalid
 */
export async function issueClient(
  authority: AuthorityKeys,
  csr: string,
  validity: Validity,
): Promise<IssuedCertificate> {
  const { request, commonName } = await readRequest(csr);
  const subject = [{ CN: [commonName] }];
  const purpose = x509.ExtendedKeyUsage.clientAuth;
  const pem = await sign(authority, { subject, publicKey: request.publicKey, purpose, validity });
  const { fingerprint, serialNumber: serial } = new X509Certificate(pem);
  const thumbprint = fingerprint.replaceAll(':', '').toLowerCase();
  return { thumbprint, serial: serial.toLowerCase(), subject: commonName, pem, ...validity };
}

/** The common name that a certificate request asks for. @throws gateway.csr_invalid */
export async function requestedName(csr: string): Promise<string> {
  return (await readRequest(csr)).commonName;
}

async function readRequest(csr: string) {
  if (csr.length > LARGEST_REQUEST) throw errors.csr_invalid({ reason: `it is over ${LARGEST_REQUEST} bytes` });
  const { request, verified } = await parseRequest(csr);
  if (!verified) throw errors.csr_invalid({ reason: 'its signature does not match its key' });
  const weak = weaknessOf(request.publicKey);
  if (weak !== undefined) throw errors.csr_invalid({ reason: weak });
  const commonName = request.subjectName.getField('CN')[0]?.trim() ?? '';
  if (commonName === '') throw errors.csr_invalid({ reason: 'it has no common name' });
  if (commonName.length > 64) throw errors.csr_invalid({ reason: 'its common name is over 64 characters' });
  return { request, commonName };
}

async function parseRequest(csr: string) {
  try {
    const request = new x509.Pkcs10CertificateRequest(csr);
    return { request, verified: await request.verify() };
  } catch (cause) {
    throw errors.csr_invalid({ reason: 'it is no PKCS #10 request in PEM' }, { cause });
  }
}

function weaknessOf(key: x509.PublicKey): string | undefined {
  const { name, modulusLength = 0 } = key.algorithm as { name: string; modulusLength?: number };
  if (name.startsWith('RSA')) return modulusLength < LEAST_BITS ? `its RSA key has ${modulusLength} bits` : undefined;
  return name === 'ECDSA' || name === 'Ed25519' ? undefined : `its key is of the kind ${name}`;
}
