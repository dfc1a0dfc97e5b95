import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { errors } from '../errors.ts';

type Curve = 'x25519' | 'ed25519';

function read(make: () => KeyObject, curve: Curve | undefined): KeyObject {
  let key: KeyObject;
  try {
    key = make();
  } catch (cause) {
    throw errors.edge_key_invalid({ reason: 'it cannot be parsed' }, { cause });
  }
  const type = key.asymmetricKeyType ?? key.type;
  if (curve === undefined ? type !== 'x25519' && type !== 'ed25519' : type !== curve) {
    throw errors.edge_key_invalid({ reason: `it is of type ${type}` });
  }
  return key;
}

/** Reads SPKI PEM. @throws fabric.edge_key_invalid */
export function readPublicKey(pem: string, curve?: Curve): KeyObject {
  return read(() => createPublicKey({ key: pem, format: 'pem', type: 'spki' }), curve);
}

/** Reads PKCS#8 PEM. @throws fabric.edge_key_invalid */
export function readPrivateKey(pem: string, curve: Curve): KeyObject {
  return read(() => createPrivateKey({ key: pem, format: 'pem', type: 'pkcs8' }), curve);
}
