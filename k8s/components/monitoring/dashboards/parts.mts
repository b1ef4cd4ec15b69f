// What all dashboards are made of. The types are those of Grafana itself (@grafana/schema).
import {
  AxisPlacement, BigValueColorMode, BigValueGraphMode, BigValueJustifyMode, BigValueTextMode, FieldColorModeId, GraphDrawStyle, GraphThresholdsStyleMode,
  LegendDisplayMode, MappingType, PercentChangeColorMode, ScaleDistribution, StackingMode, ThresholdsMode, TooltipDisplayMode, SortOrder, VariableHide, VariableRefresh, VizOrientation,
  VisibilityMode, DashboardCursorSync, type Dashboard, type DashboardLink, type Panel, type RowPanel, type Threshold, type ValueMapping, type VariableModel,
} from '@grafana/schema';
import type { FieldConfig as TimeSeriesField, Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as BarsOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type { Options as HeatmapOptions } from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';

/** The one place of the runbook in a dashboard. The component's kustomization puts there what runbook.yaml says. */
const runbook = 'https://spamguard.example/RUNBOOK.md';

/** Units of Grafana; `none` where a number is a count at one time. */
export type Unit = 'none' | 'short' | 'percentunit' | 's' | 'bytes' | 'reqps' | 'ops';

/** A query, and what its series are called. A `reference` is what others are to be compared with, and is dashed. */
export interface Query {
  expr: string;
  legend: string;
  reference?: true;
}

/** From which value on (or, with `below`, below which) a panel takes the colour of an alert: the number of that alert's rule. `quiet` is one that decides whether there is an alert at all. */
export interface Limits {
  quiet?: number;
  ticket?: number;
  page?: number;
  below?: true;
}

/** "> 0" of a rule, about what is counted: more than none. */
export const any = 0.5;

/** What every panel says. `alerts` are those that it belongs to: it links to their sections of the runbook, and its limits are theirs. */
export interface Spec {
  title: string;
  description: string;
  unit: Unit;
  queries: Query[];
  alerts?: string[];
  limits?: Limits;
  mappings?: Record<number, [text: string, color: 'green' | 'orange' | 'red']>;
  width?: number;
  min?: number;
  max?: number;
  /** What it says where nothing answers, which is nothing wrong. Of a panel without it a test asks for an answer. */
  empty?: string;
}

/** Lines over time. */
export interface GraphSpec extends Spec {
  stacked?: true;
  logarithmic?: true;
}

/** A panel whose place its row gives it. */
export type Placed = Panel & { gridPos: { w: number; h: number; x: number; y: number } };

const datasource = { type: 'prometheus', uid: '${datasource}' };

export function graph(spec: GraphSpec): Placed {
  const custom: TimeSeriesField = {
    axisPlacement: AxisPlacement.Auto,
    drawStyle: GraphDrawStyle.Line,
    fillOpacity: spec.stacked ? 60 : 5,
    lineWidth: 1,
    scaleDistribution: spec.logarithmic ? { type: ScaleDistribution.Log, log: 10 } : { type: ScaleDistribution.Linear },
    stacking: { mode: spec.stacked ? StackingMode.Normal : StackingMode.None, group: 'A' },
    thresholdsStyle: { mode: spec.limits ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off },
  };
  const options: TimeSeriesOptions = {
    legend: { calcs: ['lastNotNull', 'max'], displayMode: LegendDisplayMode.Table, placement: 'bottom', showLegend: true },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
  };
  return panel('timeseries', spec, { options, custom, color: FieldColorModeId.PaletteClassicByName, width: 12, height: 8, instant: false });
}

/** One number for each series, as it is now; the name only where there are several. */
export function stat(spec: Spec): Placed {
  const options: StatOptions = {
    colorMode: BigValueColorMode.Value,
    graphMode: BigValueGraphMode.None,
    justifyMode: BigValueJustifyMode.Auto,
    orientation: VizOrientation.Auto,
    percentChangeColorMode: PercentChangeColorMode.Standard,
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    showPercentChange: false,
    textMode: BigValueTextMode.Auto,
    wideLayout: true,
  };
  return panel('stat', spec, { options, color: FieldColorModeId.Thresholds, width: 6, height: 5, instant: true });
}

/** A bar for each series, over the time that is shown. */
export function bars(spec: Spec): Placed {
  const options: Partial<BarsOptions> = {
    orientation: VizOrientation.Horizontal,
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    showUnfilled: true,
  };
  return panel('bargauge', spec, { options, color: FieldColorModeId.Thresholds, width: 12, height: 9, instant: true });
}

/** The buckets of a histogram over time. */
export function heatmap(spec: Spec): Placed {
  const options: HeatmapOptions = {
    calculate: false,
    cellGap: 1,
    color: { exponent: 0.5, fill: 'dark-orange', reverse: false, scheme: 'Oranges', steps: 64 },
    exemplars: { color: 'rgba(255,0,255,0.7)' },
    legend: { show: true },
    showValue: VisibilityMode.Never,
    tooltip: { mode: TooltipDisplayMode.Single, yHistogram: true },
    yAxis: { min: spec.min, max: spec.max, unit: 'none' },
  };
  const made = panel('heatmap', spec, { options, color: FieldColorModeId.PaletteClassicByName, width: 12, height: 9, instant: false });
  for (const target of made.targets ?? []) target.format = 'heatmap';
  return made;
}

/** A heading with its panels, laid from left to right, 24 columns a line. */
export function row(title: string, ...panels: Placed[]): Array<RowPanel | Placed> {
  return [{ type: 'row', title, collapsed: false, id: 0, panels: [], gridPos: { x: 0, y: 0, w: 24, h: 1 } }, ...panels];
}

export function dashboard(uid: string, title: string, description: string, rows: Array<Array<RowPanel | Placed>>): Dashboard {
  const made: Dashboard = {
    // First of all, for the kustomization finds the runbook's address by counting quotes.
    templating: {
      list: [
        { query: runbook, name: 'runbook', type: 'constant', hide: VariableHide.hideVariable, skipUrlSync: true },
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
        variable('namespace', 'label_values(spamguard_build_info, namespace)', false),
        variable('pod', 'label_values(spamguard_build_info{namespace="$namespace"}, pod)', true),
      ],
    },
    uid: `spamguard-${uid}`,
    title: `SpamGuard · ${title}`,
    description,
    tags: ['spamguard'],
    schemaVersion: 41,
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'utc',
    links: [{ title: 'SpamGuard', type: 'dashboards', tags: ['spamguard'], asDropdown: false, icon: '', includeVars: true, keepTime: true, targetBlank: false, tooltip: '' }, link('Runbook', '${runbook}')],
    panels: rows.flat(),
  };
  place(made);
  return made;
}

// Where a Prometheus gives no label pod, `All` is of all processes.
function variable(name: string, query: string, all: boolean): VariableModel {
  return {
    name, label: name, type: 'query', datasource, query: { qryType: 1, query, refId: name }, refresh: VariableRefresh.onTimeRangeChanged,
    ...(all ? { includeAll: true, multi: true, allValue: '.*', current: { text: 'All', value: '$__all' } } : {}),
  };
}

function link(title: string, url: string): DashboardLink {
  return { title, url, type: 'link', asDropdown: false, icon: 'doc', includeVars: false, keepTime: false, tags: [], targetBlank: true, tooltip: '' };
}

interface Form {
  options: object;
  custom?: object;
  color: FieldColorModeId;
  width: number;
  height: number;
  instant: boolean;
}

function panel(type: string, spec: Spec, form: Form): Placed {
  return {
    type,
    title: spec.title,
    description: spec.description,
    datasource,
    gridPos: { x: 0, y: 0, w: spec.width ?? form.width, h: form.height },
    fieldConfig: {
      defaults: {
        unit: spec.unit,
        color: { mode: form.color },
        ...(spec.min === undefined ? {} : { min: spec.min }),
        ...(spec.max === undefined ? {} : { max: spec.max }),
        ...(spec.empty === undefined ? {} : { noValue: spec.empty }),
        ...(spec.mappings ? { mappings: [mapping(spec.mappings)] } : {}),
        thresholds: { mode: ThresholdsMode.Absolute, steps: steps(spec.limits ?? {}) },
        ...(form.custom ? { custom: { ...form.custom } } : {}),
      },
      overrides: spec.queries.flatMap(({ reference }, i) => reference
        ? [{ matcher: { id: 'byFrameRefID', options: refId(i) }, properties: [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } }] }]
        : []),
    },
    options: { ...form.options },
    links: (spec.alerts ?? []).map((alert) => link(alert, `\${runbook}#${alert.toLowerCase()}`)),
    targets: spec.queries.map(({ expr, legend }, i) => ({
      refId: refId(i), datasource, expr, legendFormat: legend, editorMode: 'code', instant: form.instant, range: !form.instant,
    })),
  };
}

function refId(i: number): string {
  return String.fromCharCode(65 + i);
}

function mapping(texts: Record<number, [string, string]>): ValueMapping {
  const entries = Object.entries(texts).map(([value, [text, color]], index) => [value, { text, color, index }]);
  return { type: MappingType.ValueToText, options: Object.fromEntries(entries) };
}

function steps({ quiet, ticket, page, below }: Limits): Threshold[] {
  const limits = [{ color: 'text', value: quiet }, { color: 'orange', value: ticket }, { color: 'red', value: page }].filter((one): one is Threshold & { value: number } => one.value !== undefined);
  if (!below) return [{ color: 'green', value: null }, ...limits];

  // The colour of a limit is that below it, so each goes up one step.
  const colors = [...limits.map(({ color }) => color).reverse(), 'green'];
  return colors.map((color, i) => ({ color, value: i === 0 ? null : limits[limits.length - i]!.value }));
}

function place(made: Dashboard): void {
  let [x, y, height] = [0, 0, 0];
  made.panels?.forEach((one, i) => {
    const at = one.gridPos!;
    if (x + at.w > 24) [x, y, height] = [0, y + height, 0];
    [one.id, at.x, at.y] = [i + 1, x, y];
    [x, height] = [x + at.w, Math.max(height, at.h)];
  });
}
