import type { Connection } from '../broker/connection.ts';

/** Who an OpenDXL client is: whom its certificate speaks for, whatever it says of itself. */
export interface DxlIdentity {
  /** Id of the participant. */
  readonly participant: string;
  /** SHA-1 of the certificate: the client id that others see. */
  readonly thumbprint: string;
  /** The certificate, DER in base64: what the header `dxl.certs` carries. */
  readonly certificate: string;
}

/** A client that is connected; its `id` is the instance id `<thumbprint>:<uuid>`. */
export type DxlClient = Connection<DxlIdentity>;
