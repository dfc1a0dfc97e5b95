import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { lineBetween } from './edge-path.ts';
import styles from './map-edge.module.css';
import type { MapEdge } from './map-graph.ts';
import { type RateStore, useRate } from './rate-store.ts';
import type { Spot } from './spot.ts';

/** An edge as React Flow carries it. */
export type FlowEdge = Edge<
  {
    readonly edge: MapEdge;
    readonly from: Spot;
    readonly to: Spot;
    readonly rates: RateStore;
    /** It leads to or from the node that is looked at. */
    readonly near: boolean;
  },
  'fabric'
>;

const WIDEST = 4;

function Line({ id, data, selected }: EdgeProps<FlowEdge>) {
  if (!data) return null;
  return <DrawnLine id={id} data={data} selected={selected ?? false} />;
}

function DrawnLine({ id, data, selected }: { id: string; data: NonNullable<FlowEdge['data']>; selected: boolean }) {
  const { edge, from, to, rates, near } = data;
  const rate = useRate(rates, id);
  const { path, labelX, labelY } = lineBetween(from, to);
  const width = Math.min(WIDEST, 1.25 + Math.log10(1 + edge.events));
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={18}
        className={styles.line ?? ''}
        data-kind={edge.kind}
        data-idle={edge.events === 0 || undefined}
        data-selected={selected || undefined}
        data-near={near || undefined}
        style={{ strokeWidth: selected ? width + 1.5 : width }}
      />
      {rate > 0 && (
        <EdgeLabelRenderer>
          <div
            className={styles.rate}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {rate.toLocaleString('en')}/s
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

/** How events go from one node to another: wider the more there were, with a figure while there are too many to draw. */
export const MapEdgeView = memo(Line);
