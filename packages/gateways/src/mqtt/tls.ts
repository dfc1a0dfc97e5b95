import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type TlsOptions } from 'node:tls';

/**
 * What a listener needs to speak TLS 1.2 or later with this certificate (PEM, with its chain) and key.
 *
 * @throws Error saying why the two cannot be used
 */
export function tlsWith(cert: Buffer, key: Buffer): TlsOptions {
  const tls = { cert, key, minVersion: 'TLSv1.2' as const };
  createSecureContext(tls);
  // A context takes a key of another kind than the certificate's, and then no client can connect.
  if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return tls;
  throw new Error('the key is not that of the certificate');
}
