import 'reflect-metadata';
import { generateKeyPair, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import * as x509 from '@peculiar/x509';

const SIGNING = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const BITS = 2_048;

/** Makes a private key (RSA 2048, PKCS #8) and a PKCS #10 request for a certificate of it, both PEM. */
export async function newCertificateRequest(
  commonName: string,
): Promise<{ readonly key: string; readonly csr: string }> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
  const { subtle } = webcrypto;
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [commonName] }],
      signingAlgorithm: SIGNING,
      keys: {
        privateKey: await subtle.importKey('pkcs8', pkcs8, SIGNING, true, ['sign']),
        publicKey: await subtle.importKey('spki', spki, SIGNING, true, ['verify']),
      },
    },
    webcrypto,
  );
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, csr: `${request.toString('pem')}\n` };
}
