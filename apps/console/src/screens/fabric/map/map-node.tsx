import { Tooltip } from '@mantine/core';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { plainText } from '../../../ui/untrusted-text.ts';
import type { MapWindow } from '../parts/windows.ts';
import { faceOf, KIND_WORDS } from './describe-node.ts';
import { KIND_ICONS } from './kind-icons.ts';
import type { MapNode } from './map-graph.ts';
import styles from './map-node.module.css';

/** A node as React Flow carries it. */
export type FlowNode = Node<{ readonly node: MapNode; readonly fresh: boolean; readonly window: MapWindow }, 'fabric'>;

/** Names of more characters take three lines from far away. */
const LONG = 22;

/** A name that may be broken behind dots and underscores. */
function Breakable({ text }: { readonly text: string }) {
  const parts = text.split(/(?<=[._])/).map((part, at) => ({ part, at }));
  return parts.map(({ part, at }) => (
    <span key={at}>
      {part}
      <wbr />
    </span>
  ));
}

function Face({ data: { node, fresh, window }, selected }: NodeProps<FlowNode>) {
  const { title, line, marks, tone } = faceOf(node, window);
  const Icon = KIND_ICONS[node.kind];
  return (
    <div
      className={styles.node}
      data-kind={node.kind}
      data-tone={tone}
      data-selected={selected || undefined}
      data-fresh={fresh || undefined}
      data-ref={node.id}
      data-long={title.length > LONG || undefined}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} className={styles.handle ?? ''} />
      <Icon size={18} aria-hidden className={styles.icon} />
      <div className={styles.words}>
        <Tooltip label={`${KIND_WORDS[node.kind]}: ${plainText(title, 300)}`}>
          <div className={styles.title}>
            <bdi>
              <Breakable text={plainText(title, 120)} />
            </bdi>
          </div>
        </Tooltip>
        <div className={styles.line}>
          <bdi>{plainText(line, 80)}</bdi>
        </div>
      </div>
      {marks.length > 0 && (
        <div className={styles.marks}>
          {marks.map((mark) => (
            <span key={mark.word} className={styles.mark} data-tone={mark.tone}>
              {mark.word}
            </span>
          ))}
        </div>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} className={styles.handle ?? ''} />
    </div>
  );
}

/** Somebody or something on the map. */
export const MapNodeView = memo(Face);
