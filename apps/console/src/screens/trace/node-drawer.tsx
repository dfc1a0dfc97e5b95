import type { TraceNode } from '@counterpoint/contracts';
import { Button, Code, Drawer, Group, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconExternalLink } from '@tabler/icons-react';
import { useMay } from '../../app/session.tsx';
import { useApi } from '../../app/use-api.ts';
import { ToneBadge } from '../../ui/badges.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Ref } from '../../ui/ref.tsx';
import { absoluteTime, bothTimes, shortDuration } from '../../ui/times.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { factWord } from '../runs/run-words.ts';
import { factsOf, type NotedFact } from './node-facts.ts';
import { lookOf, placeOfNode, statusOf } from './node-looks.ts';
import { everyNode } from './tree.ts';

/** Kinds from which everything that followed can be taken back. */
const TAKEN_BACK: ReadonlySet<string> = new Set(['raw', 'alert', 'event', 'run', 'reaction', 'case']);

/** Whether what followed from a node can be taken back as a whole. */
export function canBeTakenBack({ kind, ref }: Pick<TraceNode, 'kind' | 'ref'>): boolean {
  return TAKEN_BACK.has(kind) && !ref.startsWith('reaction_event:');
}

/** Reads a node whole; the tree only has what is short. */
function Detail({ node }: { readonly node: TraceNode }) {
  const { data, isPending } = useApi('trace', { ref: node.ref, query: { limit: 1, detail: 'full' } });
  if (isPending) return <LoadingRows rows={4} />;
  const whole = [...everyNode(data?.roots ?? [])].find(({ ref }) => ref === node.ref) ?? node;
  const facts = factsOf(whole);
  return facts ? <NotedFacts facts={facts} /> : <JsonView value={whole.detail} label="detail" open={3} />;
}

/** What was noted about a step: when since it began, what, and the values where there are any. */
function NotedFacts({ facts }: { readonly facts: readonly NotedFact[] }) {
  const [began] = facts;
  return (
    <Stack gap="xs">
      {facts.map(({ seq, kind, at, data }) => (
        <div key={seq}>
          <Text size="sm" component="div" title={kind}>
            <Text span size="xs" c="dimmed" title={bothTimes(at)}>
              +{shortDuration(at - (began?.at ?? at))}
            </Text>{' '}
            {factWord(kind)}
          </Text>
          {Object.keys(data).length > 0 && <JsonView value={data} label="values" open={3} />}
        </div>
      ))}
    </Stack>
  );
}

interface NodeDrawerProps {
  readonly node: TraceNode | undefined;
  readonly onClose: () => void;
  readonly onTakeBack: (node: TraceNode) => void;
}

function Facts({ node }: { readonly node: TraceNode }) {
  const status = statusOf(node);
  const place = placeOfNode(node);
  return (
    <Stack gap="xs">
      <Untrusted text={node.words} fw={600} />
      {node.because !== '' && (
        <Text size="sm" component="div">
          because <Untrusted text={node.because} ff="monospace" />
        </Text>
      )}
      <Group gap="xs">
        {status && <ToneBadge tone={status.tone} word={status.word} />}
        <Text size="sm" c="dimmed" component="div">
          {absoluteTime(node.at)} (<When at={node.at} />)
          {node.until !== null && node.until > node.at && ` · ${shortDuration(node.until - node.at)}`}
        </Text>
      </Group>
      <Group gap="md">
        {place && (
          <Ref to={place}>
            <IconExternalLink size={14} aria-hidden /> Open
          </Ref>
        )}
        <Ref to={`trace:${node.ref}`}>Trace from here</Ref>
      </Group>
      <Code>{node.ref}</Code>
    </Stack>
  );
}

/** One node of a trace whole, beside the tree. */
export function NodeDrawer({ node, onClose, onTakeBack }: NodeDrawerProps) {
  const undoes = useMay('effect:undo');
  return (
    <Drawer
      opened={node !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={node ? lookOf(node.kind).one.replace(/^./, (letter) => letter.toUpperCase()) : ''}
    >
      {node && (
        <Stack gap="md">
          <Facts node={node} />
          {undoes && canBeTakenBack(node) && (
            <Group>
              <Button
                color="red"
                variant="light"
                leftSection={<IconArrowBackUp size={16} />}
                onClick={() => onTakeBack(node)}
              >
                Take back what this caused …
              </Button>
            </Group>
          )}
          <Detail node={node} />
        </Stack>
      )}
    </Drawer>
  );
}
