import type { EdgeNodeEndpointName } from '@counterpoint/contracts';
import { newTraceId } from '@counterpoint/core';
import type { EdgeCentre, EdgeNode } from '@counterpoint/fabric';
import type { Principal } from '@counterpoint/identity';
import type { Handlers } from '../handler-types.ts';

function nodeView({ participant, joinedAt, fingerprint, bundle, worksBy, waiting }: EdgeNode) {
  const { id, title, site, enabled, state } = participant;
  return { id, title, site, enabled, state, joined_at: joinedAt, fingerprint, bundle, works_by: worksBy, waiting };
}

const actor = (principal: Principal) => ({ principal: principal.ref, trace: newTraceId() });

/** Performs the operations on edge nodes. */
export function edgeNodeHandlers(centre: EdgeCentre): Handlers<EdgeNodeEndpointName> {
  const { fingerprint } = centre;
  return {
    async listEdgeNodes() {
      return { items: (await centre.nodes()).map(nodeView), fingerprint };
    },
    async getEdgeNode({ params }) {
      const found = await centre.node(params.id ?? '');
      const commands = found.commands.map(({ id, kind, effect, reason, state, result, created_at, done_at }) => {
        return { id, kind, effect, reason, state, result, created_at, done_at };
      });
      return {
        ...nodeView(found),
        connections: [...found.connections],
        reactions: [...found.reactions],
        commands,
      };
    },
    async createEdgeNode({ body, principal }) {
      const { id, title = id, site, trust } = body;
      const { token, expiresAt } = await centre.create({ id, title, site, trust }, actor(principal));
      return { id, token, expires_at: expiresAt, fingerprint };
    },
    async createJoinToken({ params, principal }) {
      const { token, expiresAt } = await centre.issueToken(params.id ?? '', actor(principal));
      return { token, expires_at: expiresAt, fingerprint };
    },
  };
}
