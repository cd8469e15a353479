/** From a PlotSpec to a drawing, on a page and without one. */
import type { KeptDomains } from './cartesian'
import { dotPlot } from './dot_plot'
import { figureToSvg } from './figure_svg'
import { matrixFrame } from './heat_map'
import { histogram } from './histogram'
import { linePlot } from './line_plot'
import { pagePalette } from './palette'
import type { PlotFrame } from './plot_frame'
import type { PlotSpec } from './plot_spec'
import { scatterPlot } from './scatter_plot'
import { spectrum } from './spectrum'
import { tokensPlot } from './tokens_plot'

/** Pixels of a matrix' cell in SVG, where every cell is a shape. */
const fileCell = 4

/** `kept`: the domains of the same plot's last layout, for one that grows while a run goes on. */
export function layoutPlot(spec: PlotSpec, width: number, kept?: KeptDomains): PlotFrame {
  switch (spec.kind) {
    case 'line':
      return linePlot(spec, width, kept)
    case 'scatter':
      return scatterPlot(spec, width)
    case 'histogram':
      return histogram(spec, width)
    case 'dots':
      return dotPlot(spec, width)
    case 'spectrum':
      return spectrum(spec, width)
    case 'tokens':
      return tokensPlot(spec, width)
    case 'heat-map':
    case 'matrices':
      return { figure: matrixFrame(spec, width, { cellPixels: fileCell }).figure, targets: [], domains: {} }
  }
}

/** As SVG that takes its colours from the page it stands in. Needs no page: the build draws with it. */
export function plotToSvg(spec: PlotSpec, width: number): string {
  return figureToSvg(layoutPlot(spec, width).figure, pagePalette)
}
