import type { DxlEndpointName } from '@counterpoint/contracts';
import { newTraceId } from '@counterpoint/core';
import type { CredentialRow, Store } from '@counterpoint/events';
import { type Actor, fabricErrors, type Participants } from '@counterpoint/fabric';
import type { Handlers } from '../handler-types.ts';
import { conditions, pageRows } from '../paging.ts';

/** The OpenDXL gateway, as far as people see and operate it. */
export interface DxlDesk {
  /** Where clients reach it; undefined: the gateway is off. */
  facts():
    | {
        readonly brokerId: string;
        readonly hosts: readonly string[];
        readonly port: number;
        readonly webSocketPort: number;
        readonly provisionPort: number;
        readonly authority: string;
      }
    | undefined;
  /** Signs a certificate request of a client. */
  enrol(csr: string, by: Actor, participant?: string): Promise<IssuedToDxlClient>;
}

/** What a client that was let in needs. */
export interface IssuedToDxlClient {
  readonly participant: string;
  readonly thumbprint: string;
  readonly certificate: string;
  readonly authority: string;
  readonly notAfter: number;
  readonly brokers: string;
  readonly webSocketBrokers: string;
}

/** What the handlers of the OpenDXL gateway need. */
export interface DxlServices {
  readonly store: Store;
  readonly participants: Participants;
  readonly dxl: DxlDesk;
}

function certificateView({ hash, participant, detail, not_before, not_after, revoked_at, used_at }: CredentialRow) {
  const { subject = '', serial = '' } = detail as { readonly subject?: string; readonly serial?: string };
  return { thumbprint: hash, participant, subject, serial, not_before, not_after, revoked_at, used_at };
}

/** Performs the operations on the OpenDXL gateway. */
export function dxlHandlers({ store, participants, dxl }: DxlServices): Handlers<DxlEndpointName> {
  return {
    async getDxl() {
      const facts = dxl.facts();
      return {
        enabled: facts !== undefined,
        broker: facts?.brokerId ?? '',
        hosts: [...(facts?.hosts ?? [])],
        port: facts?.port ?? 0,
        web_socket_port: facts?.webSocketPort ?? 0,
        provision_port: facts?.provisionPort ?? 0,
        authority: facts?.authority ?? '',
      };
    },
    async listDxlCertificates({ query }) {
      const where = { ...conditions<CredentialRow>({ participant: query.participant }), kind: 'certificate' as const };
      const { rows, next } = await pageRows(store, 'credentials', query, { column: 'created_at', key: 'id', where });
      return { items: rows.map(certificateView), next };
    },
    async issueDxlCertificate({ body, principal }) {
      const by = { principal: principal.ref, trace: newTraceId() };
      const { notAfter, webSocketBrokers, ...issued } = await dxl.enrol(body.csr, by, body.participant);
      return { ...issued, not_after: notAfter, web_socket_brokers: webSocketBrokers };
    },
    async revokeDxlCertificate({ params, principal }) {
      const thumbprint = params.thumbprint ?? '';
      const [row] = await store.find('credentials', { where: { hash: thumbprint, kind: 'certificate' }, limit: 1 });
      if (!row) throw fabricErrors.credential_unknown({ credential: thumbprint });
      await participants.revoke(row.id, { principal: principal.ref, trace: newTraceId() });
      return { thumbprint, participant: row.participant };
    },
  };
}
