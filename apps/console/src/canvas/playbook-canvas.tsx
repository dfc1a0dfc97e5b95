import '@xyflow/react/dist/base.css';
import { useComputedColorScheme } from '@mantine/core';
import { Background, Controls, MiniMap, ReactFlow, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react';
import clsx from 'clsx';
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { plainText } from '../ui/untrusted-text.ts';
import { FrameBox, SmallBox, StepBox } from './boxes.tsx';
import { CanvasAccessProvider } from './canvas-context.ts';
import { actOnKey } from './canvas-keys.ts';
import type { CanvasProps } from './canvas-props.ts';
import { faceOf, spokenFace } from './face.ts';
import { layOut } from './layout/lay-out.ts';
import { firstView, isToBegin, revealed, type View, type WindowSize } from './layout/reveal.ts';
import { Line } from './line.tsx';
import classes from './playbook-canvas.module.css';
import { spokenChoice } from './range.ts';
import { type MenuPlace, StepMenu } from './step-menu.tsx';
import { indexSteps, type StepsIndex } from './steps-index.ts';
import { type Drawn, type FlowNode, nothingDrawn, toFlow } from './to-flow.ts';
import tones from './tones.module.css';
import { type Range, useRange } from './use-range.ts';

const nodeTypes = { step: StepBox, frame: FrameBox, small: SmallBox };
const edgeTypes = { line: Line };

/** Below this zoom only titles and colours can be read. */
const FAR = 0.45;
/** So few steps are seen at once: a small map of them helps nobody. */
const SMALL = 12;

/** The playbook as a picture: boxes from the top down, walked by arrow keys. Fills the element that it is in. */
export function PlaybookCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function useDrawing({ outline, overlay }: CanvasProps, index: StepsIndex, range: Range) {
  const before = useRef<Drawn>(nothingDrawn);
  const graph = useMemo(() => layOut(outline), [outline]);
  const drawn = useMemo(() => {
    before.current = toFlow(graph, index, overlay, before.current);
    return before.current;
  }, [graph, index, overlay]);
  const plain = useMemo(() => [...drawn.nodes.values()].map(([, node]) => node), [drawn]);
  const nodes = useMemo(
    () => plain.map((node) => (range.steps.includes(node.id) ? { ...node, selected: true } : node)),
    [plain, range.steps],
  );
  const edges = useMemo(() => [...drawn.edges.values()].map(([, edge]) => edge), [drawn]);
  return { graph, nodes, edges };
}

/**
 * Moves the view when a step is selected that is not seen, and when nothing is left where it looks. As long as nobody has
 * moved it, it follows the size of the window.
 */
function useReveal(selected: string, graph: ReturnType<typeof layOut>): void {
  const flow = useReactFlow();
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  const first = useRef<View & WindowSize>(undefined);
  const revealedFor = useRef('');
  useEffect(() => {
    if (width === 0 || height === 0) return;
    const size = { width, height };
    if (isToBegin(first.current, flow.getViewport(), graph, size)) {
      const view = firstView(graph, size);
      first.current = { ...view, ...size };
      void flow.setViewport(view);
    }
    if (revealedFor.current === selected) return;
    const box = graph.nodes.find((node) => node.id === selected);
    if (!box) return;
    revealedFor.current = selected;
    const now = flow.getViewport();
    const next = revealed(now, box, size);
    if (next !== now) void flow.setViewport(next, { duration: calm() ? 0 : 160 });
  }, [selected, graph, width, height, flow]);
}

function calm(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function miniClass(node: FlowNode): string {
  const { data, type } = node;
  if (type === 'small') return '';
  if (node.selected) return classes.miniSelected ?? '';
  const state = data.overlay?.state;
  if (data.face?.errors || state === 'failed') return classes.miniFaulty ?? '';
  if (type === 'frame') return classes.miniFrame ?? '';
  if (state === 'succeeded') return classes.miniGood ?? '';
  return (state === 'running' || state === 'waiting' ? classes.miniBusy : classes.mini) ?? '';
}

function useFar(): boolean {
  return useStore((store) => store.transform[2] < FAR);
}

/** The focus, the keys and the menu of the canvas. */
function useHandle(props: CanvasProps, index: StepsIndex, range: Range, prefix: string) {
  const { selected, onSelect, onWish, onOpen, label = 'Playbook' } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<MenuPlace>();
  const far = useFar();
  const openMenu = (address: string) => {
    const box = document.getElementById(`${prefix}${address}`)?.getBoundingClientRect();
    if (box) setMenu({ address, x: box.left + 24, y: box.bottom });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== frame.current) return;
    const open = onOpen ?? (() => undefined);
    if (!actOnKey({ index, selected, range, select: onSelect, open, menu: openMenu, wish: onWish }, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const pick = useCallback(
    (address: string) => {
      onSelect(address);
      frame.current?.focus({ preventScroll: true });
    },
    [onSelect],
  );
  const attributes = {
    ref: frame,
    role: 'application',
    'aria-label': `${plainText(label)}: walk the steps with the arrow keys`,
    'aria-activedescendant': index.has(selected) ? `${prefix}${selected}` : undefined,
    tabIndex: 0,
    'data-far': far || undefined,
    onKeyDown,
  };
  return { attributes, pick, menu, setMenu };
}

const still = {
  nodeTypes,
  edgeTypes,
  zIndexMode: 'manual',
  minZoom: 0.08,
  maxZoom: 1.6,
  onlyRenderVisibleElements: true,
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  disableKeyboardA11y: true,
  deleteKeyCode: null,
  selectionKeyCode: null,
  zoomOnDoubleClick: false,
  panOnScroll: true,
} as const;

function Canvas(props: CanvasProps) {
  const { outline, selected, onWish, onOpen } = props;
  const prefix = `${useId()}-`;
  const index = useMemo(() => indexSteps(outline), [outline]);
  const range = useRange(index, selected);
  const { graph, nodes, edges } = useDrawing(props, index, range);
  const { attributes, pick, menu, setMenu } = useHandle(props, index, range, prefix);
  const access = useMemo(() => ({ wish: onWish, prefix }), [onWish, prefix]);
  const scheme = useComputedColorScheme();
  useReveal(selected, graph);
  const place = index.get(selected);
  const handlers = {
    onNodeClick: (event: MouseEvent, node: FlowNode) => {
      if (node.type === 'small') return;
      if (event.shiftKey && onWish && selected !== '') range.drawTo(node.id);
      else pick(node.id);
    },
    onNodeDoubleClick: (_event: MouseEvent, node: FlowNode) => node.type !== 'small' && onOpen?.(node.id),
    onNodeContextMenu: (event: MouseEvent, node: FlowNode) => {
      if (!onWish || node.type === 'small') return;
      event.preventDefault();
      if (!range.steps.includes(node.id)) pick(node.id);
      setMenu({ address: node.id, x: event.clientX, y: event.clientY });
    },
    onPaneClick: () => pick(''),
  };
  return (
    <div className={clsx(classes.canvas, tones.tones)} {...attributes}>
      <CanvasAccessProvider value={access}>
        <ReactFlow {...still} {...handlers} nodes={nodes} edges={edges} colorMode={scheme}>
          <Background gap={22} />
          <Controls showInteractive={false} aria-label="View" />
          {index.size > SMALL && (
            <MiniMap pannable zoomable nodeClassName={miniClass} ariaLabel="Small map" nodeBorderRadius={8} />
          )}
        </ReactFlow>
      </CanvasAccessProvider>
      {onWish && (
        <StepMenu place={menu} index={index} chosen={range.steps} wish={onWish} onClose={() => setMenu(undefined)} />
      )}
      <span className={classes.spoken} aria-live="polite">
        {spokenChoice(range.steps) ||
          (place && spokenFace(faceOf(place.self, place.findings), props.overlay?.get(selected)))}
      </span>
    </div>
  );
}
