import '@xyflow/react/dist/style.css';
import { useMantineColorScheme } from '@mantine/core';
import {
  Background,
  Controls,
  MiniMap,
  type NodeMouseHandler,
  ReactFlow,
  ReactFlowProvider,
  type ReactFlowState,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { plainText } from '../../../ui/untrusted-text.ts';
import { nameOf } from '../parts/words.ts';
import { faceOf } from './describe-node.ts';
import styles from './flow-map.module.css';
import { isOverview } from './fold-topics.ts';
import { type FlowEdge, MapEdgeView } from './map-edge.tsx';
import { type FlowNode, MapNodeView } from './map-node.tsx';
import { PulseLayer } from './pulse-layer.tsx';
import { createRateStore, type RateStore } from './rate-store.ts';
import { NODE } from './spot.ts';
import type { DrawnMap } from './use-places.ts';
import { directionOf, walk } from './walk.ts';

const nodeTypes = { fabric: MapNodeView };
const edgeTypes = { fabric: MapEdgeView };
const SMALL = { width: 150, height: 92 } as const;
const FIT = { padding: 0.04, duration: 250 } as const;

/** From so far away small print cannot be read: names get bigger, and the rest is left out. */
const isFar = ({ transform }: ReactFlowState) => transform[2] < 0.7;

interface FlowMapProps {
  readonly drawn: DrawnMap;
  /** The node or edge that is open beside the map; empty: none. */
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

function flowNodes({ graph, places, fresh }: DrawnMap, selected: string, cursor: string | undefined): FlowNode[] {
  return graph.nodes.map((node) => ({
    ...{ id: node.id, type: 'fabric' as const, position: { ...(places.get(node.id) ?? { x: 0, y: 0 }) } },
    ...{ width: NODE.width, height: NODE.height, selected: node.id === selected || node.id === cursor },
    data: { node, fresh: fresh.has(node.id), window: graph.window },
    ariaLabel: plainText(nameOf(node), 120),
  }));
}

function flowEdges({ graph, places }: DrawnMap, selected: string, near: string, rates: RateStore): FlowEdge[] {
  return graph.edges.flatMap((edge) => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)];
    if (!from || !to) return [];
    const ends = { id: edge.id, source: edge.from, target: edge.to, type: 'fabric' as const };
    const isNear = edge.from === near || edge.to === near;
    return [{ ...ends, selected: edge.id === selected, data: { edge, from, to, rates, near: isNear } }];
  });
}

/** The whole of what is drawn; not less than a screen, so that a few nodes are not blown up. */
function boundsOf({ places }: DrawnMap) {
  const spots = [...places.values()];
  const [left, top] = [Math.min(...spots.map(({ x }) => x)), Math.min(...spots.map(({ y }) => y))];
  const width = Math.max(...spots.map(({ x }) => x)) - left + NODE.width;
  // The buttons and the small map below cover nothing.
  const height = Math.max(...spots.map(({ y }) => y)) - top + NODE.height * 3;
  const [wide, high] = [Math.max(width, 900), Math.max(height, 420)];
  return { x: left - (wide - width) / 2, y: top - (high - height) / 2, width: wide, height: high };
}

/** Brings the whole of a newly drawn part into view, and a node that the keyboard leads to. */
function useView(drawn: DrawnMap, cursor: string | undefined) {
  const { part, places } = drawn;
  const flow = useReactFlow();
  const [ready, setReady] = useState(false);
  const shown = useRef('');
  useEffect(() => {
    if (!ready || shown.current === part) return;
    shown.current = part;
    void flow.fitBounds(boundsOf(drawn), FIT);
  }, [flow, ready, part, drawn]);
  useEffect(() => {
    const spot = cursor === undefined ? undefined : places.get(cursor);
    if (!spot) return;
    const zoom = Math.max(0.6, flow.getZoom());
    void flow.setCenter(spot.x + NODE.width / 2, spot.y + NODE.height / 2, { zoom, duration: 200 });
  }, [flow, cursor, places]);
  return { onInit: () => setReady(true), fit: () => void flow.fitBounds(boundsOf(drawn), FIT) };
}

function useWalk({ drawn, selected, onSelect, onFocus }: FlowMapProps) {
  const [cursor, setCursor] = useState<string>();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).tagName === 'BUTTON') return;
    const direction = directionOf(event.key);
    const act = direction
      ? () => setCursor(walk(drawn.graph, drawn.places, cursor ?? (selected || undefined), direction) ?? cursor)
      : { Enter: cursor && (() => onSelect(cursor)), f: cursor && (() => onFocus(cursor)) }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const node = drawn.graph.nodes.find(({ id }) => id === cursor);
  const face = node && faceOf(node, drawn.graph.window);
  const said = node && face ? [nameOf(node), face.line, ...face.marks.map(({ word }) => word)].join(', ') : '';
  const attributes = {
    role: 'application',
    'aria-label':
      'Map of the fabric. Arrow keys follow events, Enter opens, f shows only what is connected. The list shows the same as text.',
    tabIndex: 0,
    onKeyDown,
    onBlur: () => setCursor(undefined),
  };
  return { cursor, attributes, said: plainText(said, 300) };
}

function Inner(props: FlowMapProps) {
  const { drawn, selected, onSelect } = props;
  const { colorScheme } = useMantineColorScheme();
  const { cursor, attributes, said } = useWalk(props);
  const [rates] = useState(createRateStore);
  const { onInit, fit } = useView(drawn, cursor);
  const far = useStore(isFar);
  const nodes = useMemo(() => flowNodes(drawn, selected, cursor), [drawn, selected, cursor]);
  const [hovered, setHovered] = useState('');
  const near = hovered || (cursor ?? selected);
  const edges = useMemo(() => flowEdges(drawn, selected, near, rates), [drawn, selected, near, rates]);
  const onEnter: NodeMouseHandler<FlowNode> = useCallback((_event, { id }) => setHovered(id), []);
  const onLeave = useCallback(() => setHovered(''), []);
  const onNodeClick: NodeMouseHandler<FlowNode> = useCallback((_event, { id }) => onSelect(id), [onSelect]);
  const onEdgeClick = useCallback((_event: unknown, { id }: FlowEdge) => onSelect(id), [onSelect]);
  return (
    <div
      className={styles.map}
      data-far={far || undefined}
      data-many={isOverview(drawn.graph) || undefined}
      {...attributes}
    >
      <div className={styles.said} aria-live="polite">
        {said}
      </div>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodeClick={onNodeClick}
        onNodeMouseEnter={onEnter}
        onNodeMouseLeave={onLeave}
        onEdgeClick={onEdgeClick}
        onInit={onInit}
        onPaneClick={() => onSelect('')}
        colorMode={colorScheme === 'auto' ? 'system' : colorScheme}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        minZoom={0.1}
        maxZoom={2}
        onlyRenderVisibleElements={nodes.length > 250}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={28} />
        <Controls showInteractive={false} orientation="horizontal" onFitView={fit} />
        <MiniMap<FlowNode>
          pannable
          zoomable
          ariaLabel="The whole map, small"
          className={styles.minimap ?? ''}
          style={SMALL}
          nodeClassName={({ data }) => styles[`small-${data.node.kind}`] ?? ''}
        />
        <PulseLayer graph={drawn.graph} places={drawn.places} rates={rates} />
      </ReactFlow>
    </div>
  );
}

/** The map, drawn: pulses run along its edges as events come. */
export function FlowMap(props: FlowMapProps) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}
