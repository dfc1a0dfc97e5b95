import { z } from 'zod';
import { endpoint, pageOf, pageQuery, time } from '../endpoint.ts';

const certificate = z.object({
  thumbprint: z.string().describe('SHA-1 of the certificate, lower-case hex: the client id that others see'),
  participant: z.string(),
  subject: z.string(),
  serial: z.string(),
  not_before: time,
  not_after: time.nullable(),
  revoked_at: time.nullable(),
  used_at: time.nullable(),
});

/** The OpenDXL gateway and the certificates of its clients. */
export const dxlEndpoints = {
  getDxl: endpoint({
    method: 'GET',
    path: '/dxl',
    summary: 'Where OpenDXL clients reach this server',
    tag: 'fabric',
    permission: 'fabric:read',
    response: z.object({
      enabled: z.boolean(),
      broker: z.string().describe('Id of the broker; empty while the gateway is off, as everything below'),
      hosts: z.array(z.string()).describe('Names and addresses that clients are given'),
      port: z.number().int().describe('MQTT over TLS'),
      web_socket_port: z.number().int(),
      provision_port: z.number().int().describe("Where the clients' own provisionconfig and updateconfig go"),
      authority: z.string().describe('Certificate of the authority, PEM: what clients trust the broker by'),
    }),
  }),
  listDxlCertificates: endpoint({
    method: 'GET',
    path: '/dxl/certificates',
    summary: 'List the certificates of OpenDXL clients, newest first',
    tag: 'fabric',
    permission: 'fabric:read',
    query: pageQuery.extend({ participant: z.string().max(64).optional().describe('Only those of this participant') }),
    response: pageOf(certificate),
  }),
  issueDxlCertificate: endpoint({
    method: 'POST',
    path: '/dxl/certificates',
    summary: 'Let an OpenDXL client in, or renew its certificate',
    tag: 'fabric',
    permission: 'fabric:write',
    body: z.strictObject({
      csr: z.string().min(1).max(32_768).describe('PKCS #10 request, PEM'),
      participant: z
        .string()
        .min(1)
        .max(64)
        .optional()
        .describe("Whom it speaks for; default: named after the request's common name, and created when it is new"),
    }),
    response: z.object({
      participant: z.string(),
      thumbprint: z.string(),
      certificate: z.string().describe('PEM'),
      authority: z.string().describe('PEM'),
      not_after: time,
      brokers: z.string().describe('Lines for the section [Brokers] of the client: `guid=guid;port;host;address`'),
      web_socket_brokers: z.string().describe('Lines for [BrokersWebSockets]'),
    }),
    status: 201,
  }),
  revokeDxlCertificate: endpoint({
    method: 'DELETE',
    path: '/dxl/certificates/:thumbprint',
    summary: 'Revoke the certificate of an OpenDXL client at once; its connections end',
    tag: 'fabric',
    permission: 'fabric:write',
    response: z.object({ thumbprint: z.string(), participant: z.string() }),
  }),
};
