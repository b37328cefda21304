//! HTML, with what others sent made harmless.

use std::fmt;

const STYLE: &str = "body{font:15px/1.4 system-ui,sans-serif;margin:2rem;color:#1d2733;background:#fafbfc}\
nav a{margin-right:1.2rem}a{color:#0a5fb4;text-decoration:none}a:hover{text-decoration:underline}\
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1rem;margin:1.4rem 0 .2rem}\
table{border-collapse:collapse;background:#fff;box-shadow:0 1px 2px #0002}th,td{padding:.3rem .7rem;text-align:left;border-bottom:1px solid #e4e8ec;white-space:nowrap}\
th{background:#eef2f6;font-weight:600}p{margin:.4rem 0}.bad{color:#b3261e}pre{font-size:12px;background:#fff;padding:1rem;overflow-x:auto}";

/// Text with the characters that mean something in HTML replaced.
pub(super) struct Escaped<'t>(pub &'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => write!(f, "{other}")?,
            }
        }
        Ok(())
    }
}

/// One segment of an address.
pub(super) fn segment(text: &str) -> String {
    // The form's encoding writes a blank as a plus, which in a path is itself.
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// A link; the address is encoded already.
pub(super) fn link(address: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", Escaped(address), Escaped(text))
}

/// A table; cells are HTML already.
pub(super) fn table(columns: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("<table><thead><tr><th>{}</th></tr></thead><tbody>", columns.join("</th><th>"));
    for cells in rows {
        text.extend(["<tr><td>", &cells.join("</td><td>"), "</td></tr>"]);
    }
    text + "</tbody></table>"
}

/// A page; the body is HTML already.
pub(super) fn page(title: &str, body: &str) -> String {
    let title = Escaped(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} - simulated ERP</title><style>{STYLE}</style></head><body>\
         <nav><a href=\"/\">Orders</a><a href=\"/ledger.html\">Ledger</a></nav><h1>{title}</h1>{body}</body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_others_sent_is_html() {
        assert_eq!(Escaped("<script>\"'&").to_string(), "&lt;script&gt;&quot;&#39;&amp;");
        assert_eq!(link("/a", "<b>"), "<a href=\"/a\">&lt;b&gt;</a>");
        assert_eq!(segment("a/b c?"), "a%2Fb%20c%3F");
    }
}
