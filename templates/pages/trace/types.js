/**
 * What the page is given: the data of a trace and the words of every language.
 *
 * @typedef { {name: string, label: string, extent: number, colour: number, summed: boolean} } Index
 * @typedef { {name: string, role: "operand" | "intermediate" | "total" | "result" | "", axes: string[], shape: number[],
 *   dtype: string | null, start?: (string | null)[], cells?: Object<string, string | null>} } TracedArray
 * @typedef {[number, number, string]} Factor  number of the array, flat place, text of the value
 * @typedef { {factors: Factor[], value: string, times?: string, over?: (Factor | string | number)[],
 *   negative?: boolean} } Term
 * @typedef {[string, Object<string, any>]} Message  id in the catalogue, and its placeholders
 * @typedef { {line: number, at: [number, number][], target: [number, number], terms: Term[], before: string | null,
 *   after: string, begun: number, why: Message[]} } Step
 * @typedef { {expression: string, formula: string, code: string[], indices: Index[], arrays: TracedArray[],
 *   count: number, first: number, open?: number, steps: Step[], notes: Message[], story?: Story} } TraceData
 * @typedef { {kind: string, of: string, name: string, axes: string[], shape: (number | string)[], about: string[],
 *   code: string | null, dtype: string | null, values: string[] | null, why: Message[]} } Stage
 * @typedef { {steps: {title: Message | null, stages: Stage[]}[], notes: Message[]} } Story
 * @typedef {Object<string, Object<string, string | Object<string, string>>>} Words  by language, then by id
 *
 * What is shown: the state after step `n` (0: before all of them), or, `missed`, that step `n` is not on the page. `hides`
 * names what the reader is asked to predict, of step `asks`.
 *
 * @typedef { {n: number, step: Step | null, hides: "" | "value" | "cell" | "shape", asks: number, missed: boolean,
 *   pin: Pin | null} } Frame
 * @typedef { {cell: [number, number], steps: number[], goes: [number, number][]} } Pin  a cell that the reader follows
 */
