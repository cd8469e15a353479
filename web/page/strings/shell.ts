/** The words of the shell: header, footer, theme switch. */

interface NavigationEntry {
  path: string
  label: string
}

const navigation: NavigationEntry[] = [
  { path: '', label: 'Trang đầu' },
  { path: 'san-choi/', label: 'Sân chơi' },
  { path: 'thuat-ngu/', label: 'Thuật ngữ' },
]

/** `root` leads from the page to the site's root; `page` is the page's own path, `/san-choi/index.html`. */
export function headerHtml(root: string, page: string): string {
  const links = navigation.map(({ path, label }) => {
    const current = page === `/${path}index.html` ? ' aria-current="page"' : ''
    return `<a href="${root}${path}index.html"${current}>${label}</a>`
  })
  return `<a class="skip" href="#main">Đến nội dung</a>
    <header class="site-header">
      <a class="wordmark" href="${root}index.html" aria-label="Soi, trang đầu">Soi</a>
      <nav aria-label="Các trang">${links.join('')}</nav>
      <soi-theme-switch></soi-theme-switch>
    </header>`
}

export function footerHtml(root: string): string {
  return `<footer class="site-footer">
      <p>Mọi phép tính chạy trên máy bạn. Trang này không gửi đi câu bạn gõ hay tệp bạn chọn.</p>
      <p><a href="${root}index.html">Soi</a> là phần mềm nguồn mở, giấy phép MIT.</p>
    </footer>`
}

export const themeStrings = {
  label: 'Nền',
  system: 'Theo máy',
  light: 'Sáng',
  dark: 'Tối',
}
