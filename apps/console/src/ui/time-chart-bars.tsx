import { useState } from 'react';
import styles from './time-chart.module.css';
import type { Series, Slice, TimeChartProps } from './time-chart-types.ts';
import { countTicks, sliceName, sliceTick } from './time-slices.ts';

/** Names of times under the axis; more do not fit beside each other. */
const MOST_NAMES = 6;

const colourOf = ({ color }: Series): string => `var(--mantine-color-${color.replace('.', '-')})`;

interface PartProps {
  readonly series: readonly Series[];
}

function Legend({ series }: PartProps) {
  return (
    <ul className={styles.legend}>
      {series.map((one) => (
        <li key={one.name}>
          <span className={styles.swatch} style={{ background: colourOf(one) }} />
          {one.label}
        </li>
      ))}
    </ul>
  );
}

/** What was counted in one slice, beside the pointer. */
function Hint({ slice, width, series, share }: PartProps & { slice: Slice; width: number; share: number }) {
  return (
    <div
      className={styles.hint}
      data-side={share > 0.5 ? 'left' : 'right'}
      style={{ insetInlineStart: `${share * 100}%` }}
    >
      <strong>{sliceName(slice.at, width)}</strong>
      {series.map((one) => (
        <span key={one.name} className={styles.count}>
          <span className={styles.swatch} style={{ background: colourOf(one) }} />
          {one.label}
          <b>{(slice[one.name] ?? 0).toLocaleString('en')}</b>
        </span>
      ))}
    </div>
  );
}

function Bar({ slice, series, most }: PartProps & { readonly slice: Slice; readonly most: number }) {
  return (
    <div className={styles.bar}>
      {series.map((one) => {
        const count = slice[one.name] ?? 0;
        // A single one among thousands is still to be seen.
        const height = `max(2px, ${(count / most) * 100}%)`;
        return count > 0 && <div key={one.name} style={{ height, background: colourOf(one) }} />;
      })}
    </div>
  );
}

/** The bars of a {@link TimeChart}: drawn by the page itself, for a library of charts is as large as all else of a screen. */
export function TimeChartBars({ slices, width, series, legend = true, height = 160 }: TimeChartProps) {
  const [pointed, setPointed] = useState(-1);
  const counts = countTicks(
    Math.max(...slices.map((slice) => series.reduce((sum, { name }) => sum + (slice[name] ?? 0), 0))),
  );
  const most = counts.at(-1) ?? 1;
  const every = Math.ceil(slices.length / MOST_NAMES);
  const slice = slices[pointed];
  return (
    <div className={styles.chart} style={{ height }}>
      {legend && series.length > 1 && <Legend series={series} />}
      <div className={styles.plot}>
        {counts.map((count) => (
          <span key={count} className={styles.line} style={{ insetBlockEnd: `${(count / most) * 100}%` }}>
            <span className={styles.mark}>{count.toLocaleString('en')}</span>
          </span>
        ))}
        <div className={styles.bars} onPointerLeave={() => setPointed(-1)}>
          {slices.map((one, index) => (
            <div key={one.at} className={styles.slot} onPointerEnter={() => setPointed(index)}>
              <Bar slice={one} series={series} most={most} />
              {index % every === 0 && <span className={styles.name}>{sliceTick(one.at, width)}</span>}
            </div>
          ))}
          {slice && <Hint slice={slice} width={width} series={series} share={(pointed + 0.5) / slices.length} />}
        </div>
      </div>
    </div>
  );
}
