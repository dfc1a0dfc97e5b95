import {
  compilePlaybook,
  type DocumentNode,
  fieldOf,
  type Names,
  parseDocument,
  type TopicDeclaration,
} from '@counterpoint/playbook';
import { type GraphParticipant, participantActor, planActor, serverActor } from './actors.ts';
import { type FabricFinding, fabricFinding } from './check-fabric.ts';
import type { FabricActor, FabricGraph } from './graph.ts';

/** A document that says who takes and gives what. */
export interface FabricDocument {
  readonly kind: 'playbook' | 'reaction' | 'participant';
  /** Where it stands; see `Place.file`. */
  readonly file: string;
  readonly text: string;
}

/** The graph of some documents, and which of them could not be read. */
export interface ReadGraph {
  readonly graph: FabricGraph;
  readonly findings: readonly FabricFinding[];
}

/**
 * Makes the graph of documents, this server among its actors. A document that cannot be read is left out and told.
 *
 * @param topics the declared topics
 * @param names tells connectors from capabilities
 */
export function readDocuments(
  documents: readonly FabricDocument[],
  topics: ReadonlyMap<string, TopicDeclaration>,
  names: Names,
): ReadGraph {
  const actors: FabricActor[] = [];
  const findings: FabricFinding[] = [];
  for (const document of documents) {
    const actor = actorOf(document, names);
    if (actor) actors.push(actor);
    else {
      const { file } = document;
      findings.push(fabricFinding('not_compiled', { file, line: 1, column: 1, length: 1 }, { file }));
    }
  }
  return { graph: { actors: [...actors, serverActor()], topics }, findings };
}

function actorOf({ kind, file, text }: FabricDocument, names: Names): FabricActor | undefined {
  if (kind === 'participant') {
    const declared = declaredIn(text);
    return declared && participantActor(declared, text, file);
  }
  const { plan } = compilePlaybook(text, { names });
  return plan && planActor(plan, file);
}

function texts(node: DocumentNode | undefined): readonly string[] {
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : []));
}

/** What a declaration says of topics, whatever else is wrong with it. */
function declaredIn(text: string): GraphParticipant | undefined {
  const { root } = parseDocument(text);
  const id = fieldOf(root, 'id');
  if (id?.kind !== 'scalar' || typeof id.value !== 'string') return undefined;
  const title = fieldOf(root, 'title');
  return {
    id: id.value,
    title: title?.kind === 'scalar' ? String(title.value) : id.value,
    publishes: texts(fieldOf(root, 'publishes')),
    subscribes: texts(fieldOf(root, 'subscribes')),
  };
}
