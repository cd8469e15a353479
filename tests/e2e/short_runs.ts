/** Settings of each lesson with which a run takes a second or so. What is not named is the experiment's own. */
export const shortRuns: Record<string, Record<string, string>> = {
  '01-sae-mo-phong': { epochs: '5', n_seeds: '2', n_samples: '300' },
  '02-sae-palinka': { epochs: '2', n_latents: '256', n_untrained: '2', n_permutations: '4', variants: 'false' },
  '03-cuc-dai-hoa-kich-hoat': { n_steps: '5', n_restarts: '2', n_null: '2', other_reading: 'false' },
  '04-ged-him-her': { n_permutations: '4', n_layer_permutations: '2', sweep: 'false' },
  '05-loai-bo-khong-gian-con': { n_random: '1', n_permutations: '20', sweep: 'false' },
}
