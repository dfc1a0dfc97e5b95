import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import type { TimeChartProps } from './time-chart-types.ts';
import { countTicks, sliceName, sliceTick } from './time-slices.ts';

/** The bars of a {@link TimeChart}; loaded only where there is one. */
export function TimeChartBars({ slices, width, series, legend = true, height = 160 }: TimeChartProps) {
  const data = slices.map((slice) => ({ ...slice, name: sliceName(slice.at, width) }));
  const ticks = new Map(slices.map(({ at }) => [sliceName(at, width), sliceTick(at, width)]));
  const counts = countTicks(
    Math.max(...slices.map((slice) => series.reduce((sum, { name }) => sum + (slice[name] ?? 0), 0))),
  );
  return (
    <BarChart
      h={height}
      data={data}
      dataKey="name"
      type="stacked"
      series={series.map(({ name, label, color }) => ({ name, label, color }))}
      withLegend={legend && series.length > 1}
      legendProps={{ verticalAlign: 'top', height: 28 }}
      gridAxis="x"
      tickLine="none"
      yAxisProps={{ ticks: [...counts], domain: [0, counts.at(-1) ?? 1], interval: 0, width: 34 }}
      xAxisProps={{
        tickFormatter: (name: string) => ticks.get(name) ?? '',
        interval: 'preserveStartEnd',
        minTickGap: 18,
      }}
      // The bars stand beside their table, which is what the keyboard and screen readers get.
      barChartProps={{ accessibilityLayer: false }}
      maxBarWidth={28}
      barProps={{ isAnimationActive: false }}
    />
  );
}
