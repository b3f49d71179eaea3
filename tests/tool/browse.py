#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: browse.py [--no-plots | --static] PAGE.html REPORT.json [REPORT.json]

Opens a page of `bootexits html' in headless Chromium, and prints TAP. The page's tables have the figures of the
REPORTs, which `bootexits report --json' printed of the same logs. You can sort and filter the tables, and they are not
wider than the window. You can reach each chapter. The pictures are visible, and tell their figures. The browser
reports no error, and asks nothing of the network. Screenshots are written beside the page.
  --no-plots  the page has no pictures
  --static    only check that the page's data are the reports
Exit status: 0 all tests pass; 1 not.
"""
import base64
import hashlib
import html.parser
import json
import pathlib
import re
import sys

WIDTHS = (360, 1600)
TABLE = """const table = document.querySelector(`table[data-table="${arguments[0]}"]`);
    return table && [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim()));"""
OPTIONS = {option for option in sys.argv if option.startswith("--")}
failed = []

if "--static" not in OPTIONS:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys


class Data(html.parser.HTMLParser):
    """The text of the element with the id data, and the names of all elements."""
    def __init__(self, text):
        super().__init__()
        self.text, self.inside, self.names = "", False, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.inside = ("id", "data") in attributes
        self.names.append(tag)

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        self.text += data if self.inside else ""


def ok(good, name):
    print(("ok" if good else "not ok") + " - " + name)
    if not good:
        failed.append(name)


def start():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--disable-background-networking", "--disable-component-update", "--no-first-run"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # Debian has no selenium-manager, which would find the driver.
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def table(driver, name):
    return driver.execute_script(TABLE, name) or []


def number(text):
    if text == "?":
        return None
    return 0 if text == "-" else float(text.replace(",", "").replace("%", "").replace("\u2212", "-").split("(")[0])


def click(driver, name, at, key=None):
    """Press a heading's button. Returns the cells of its column, and the sort order that the heading names."""
    buttons = driver.find_elements(By.CSS_SELECTOR, f'table[data-table="{name}"] thead th button')
    if key:
        buttons[at].send_keys(key)
    else:
        driver.execute_script("arguments[0].scrollIntoView({ block: 'center', inline: 'center' })", buttons[at])
        buttons[at].click()
    head = driver.find_elements(By.CSS_SELECTOR, f'table[data-table="{name}"] thead th')[at]
    cells = driver.execute_script(
        f"""return [...document.querySelector('table[data-table="{name}"]').tBodies[0].rows]
        .map((row) => row.cells[{at}].innerText.trim())""")
    return cells, head.get_attribute("aria-sort")


def check_boot(driver, run, letter):
    phases = table(driver, "phases" + letter)
    keys = ("exits", "total", "self") if run["view"] == "guest_exits" else ("exits", "total")
    want = [[row["name"], *(row[key] for key in keys)] for row in run["phases"] + [run["total"]]]
    heads = [head.lower() for head in phases[0]]
    got = [[row[0], *(number(row[heads.index(key)]) for key in keys)] for row in phases[1:]]
    ok(got == want, f"phases{letter} has the report's")
    reasons = {row[0]: (number(row[1]), number(row[3]), number(row[5]), number(row[6])) for row in table(driver, "reasons" + letter)[1:]}
    want = {row["name"]: (row["exits"], row["total"], *((2 * row[key] + row["exits"]) // (2 * row["exits"]) for key in ("kvm", "total")))
            for row in run["total"]["reasons"]}
    ok(reasons == want, f"reasons{letter} has the report's")
    matrix = table(driver, "matrix" + letter)
    got = {(row[0], matrix[0][at]): number(row[at]) for row in matrix[1:-1] for at in range(1, len(row) - 1)
           if number(row[at])}
    want = {(reason["name"], row["name"]): reason["exits"] for row in run["phases"] for reason in row["reasons"] or []}
    ok(got == want, f"matrix{letter} has each phase's reasons")
    facts = dict(table(driver, "facts" + letter))
    ok(facts["file"] == run["file"] and facts["verdict"] == run["verdict"], f"facts{letter} are the report's")
    host = [row[1:4] for row in table(driver, "host" + letter)[1:]]
    want = [["equal to the unit" if sync["ok"] else "not equal", f"{sync['guest']:,}", f"{sync['host']:,}"]
            for sync in run["syncs"]]
    ok(host == want, f"the host's count{letter} is the report's")
    body = driver.find_element(By.TAG_NAME, "body").text
    ok(all(note in body for note in run["notes"]) and all(defect["text"] in body for defect in run["defects"]),
       f"notes and defects{letter} are there")


def check_details(driver, run, letter):
    """The figures that only a tracer of revision 1.2 has, if the boot has them."""
    clocks = ("elapsed", "in_guest", "kvm", "user", "idle", "preempted")
    want = [[row["name"], *(row[key] for key in clocks)] for row in run["phases"] + [run["total"]] if "elapsed" in row]
    got = [[row[0], *(number(row[at]) for at in (1, 2, 4, 6, 8, 10))] for row in table(driver, "time" + letter)[1:]]
    ok(got == want, f"time{letter} has each phase's clocks: {len(got)}")
    want = sorted((row["name"], reason["name"], site["code"], site["exits"], int(site["rip"])) for row in run["phases"]
                  for reason in row["reasons"] or [] for site in reason.get("sites", []))
    got = sorted((row[0], row[1], int(row[2], 16), number(row[4]), int(row[6], 16))
                 for row in table(driver, "sites" + letter)[1:])
    ok(got == want, f"sites{letter} has each phase's: {len(got)}")


def check_compared(driver, first, second):
    got = {row[0]: [number(cell) for cell in row[1:4]] for row in table(driver, "phases compared")[1:]}
    runs = [{row["name"]: row["exits"] for row in run["phases"] + [run["total"]]} for run in (first, second)]
    want = {name: [run.get(name, 0) for run in runs] for name in {**runs[0], **runs[1]}}
    ok(got == {name: [a, b, None if None in (a, b) else b - a] for name, (a, b) in want.items()}, "phases compared are B - A")
    matrix = table(driver, "matrix compared")
    got = {(row[0], matrix[0][at]): number(row[at]) for row in matrix[1:] for at in range(1, len(row)) if number(row[at])}
    counts = [{(reason["name"], name): reason["exits"] for name, row in
               [(row["name"], row) for row in run["phases"]] + [("total", run["total"])]
               for reason in row["reasons"] or []} for run in (first, second)]
    unknown = {row["name"] for run in (first, second) for row in run["phases"] if row["reasons"] is None}
    want = {key: counts[1].get(key, 0) - counts[0].get(key, 0) for key in {**counts[0], **counts[1]}
            if key[1] not in unknown}
    ok(got == {key: value for key, value in want.items() if value}, "matrix compared is B - A")


def check_sorting(driver, letter):
    name = "reasons" + letter
    up = [(1, None, "ascending"), (1, Keys.ENTER, "descending"), (1, Keys.SPACE, "ascending")]
    click(driver, name, 1)
    for at, key, want in up:
        cells, sort = click(driver, name, at, key)
        values = [number(cell) for cell in cells]
        ok(sort == want and values == sorted(values, reverse=want == "descending") and len(values) > 1,
           f"{name}: {'the mouse' if not key else 'a key'} sorts numbers, {want}")
    cells, sort = click(driver, name, 0)
    ok(sort == "ascending" and cells == sorted(cells, key=str.lower), f"{name}: names sort")
    before = [row[0] for row in table(driver, "phases" + letter)]
    cells, sort = click(driver, "phases" + letter, 2)
    after = [row[0] for row in table(driver, "phases" + letter)]
    ok(after != before and sorted(after) == sorted(before) and after[-1] == "total", "the total stays the last")
    click(driver, "phases" + letter, 0)
    ok([row[0] for row in table(driver, "phases" + letter)] == before, "the first column is the boot's order")


def check_plots(driver, want):
    pictures = driver.find_elements(By.CSS_SELECTOR, "figure svg")
    sizes = [(picture.size["width"], picture.size["height"]) for picture in pictures]
    drawn = [len(picture.find_elements(By.CSS_SELECTOR, "path, polygon, text")) for picture in pictures]
    ok(len(pictures) == want and all(picture.is_displayed() for picture in pictures) and all(w > 300 and h > 300 for w, h in sizes) and all(nr > 50 for nr in drawn),
       f"{want} pictures are to be seen: {sizes}, {drawn} parts")


def check_told(driver, runs):
    """The pictures' tooltips: each phase's reasons, and in the picture of one boot each phase twice."""
    pictures = driver.find_elements(By.CSS_SELECTOR, "figure svg")
    for at, picture in enumerate(pictures):
        shown = runs if len(pictures) == 1 or not at else [runs[at - 1]]
        names = ["" if len(shown) == 1 else f"{letter}, " for letter in "AB"]
        told = driver.execute_script("return [...arguments[0].querySelectorAll('.told > title')].map((title) => title.textContent)", picture)
        want = [f"{name}{row['name']}, {reason['name']}: {reason['exits']:,} exits" for name, run in zip(names, shown)
                for row in run["phases"] for reason in row["reasons"]]
        if len(shown) == 1:
            bands = [text for text in told if " s to " in text]
            ok(len(bands) == 2 * len(shown[0]["phases"]) and all(
                text.startswith(row["name"] + ": ") and f" {row['exits']:,} exits" in text
                for text, row in zip(bands, 2 * shown[0]["phases"])), f"picture {at}: its bands tell each phase")
        told = [text for text in told if " s to " not in text]
        others = sum(", all others: " in text for text in told)
        ok(told and (others or sorted(told) == sorted(want)) and not set(told) - set(want) - {text for text in told if ", all others: " in text},
           f"picture {at}: its bars tell each phase's reasons: {len(told)}, {sorted(set(told) ^ set(want))[:4]}")


def check_contents(driver):
    heads = [head.text for head in driver.find_elements(By.CSS_SELECTOR, "main h2, main h3")]
    links = driver.find_elements(By.CSS_SELECTOR, "nav a")
    ok([link.text for link in links] == heads and len(heads) > 4, f"the contents have each chapter: {len(links)}")
    links[-1].send_keys(Keys.ENTER)
    top = driver.execute_script("return document.getElementById(location.hash.slice(1)).getBoundingClientRect().top")
    ok(-1 <= top < driver.execute_script("return innerHeight"), f"a key goes to one: {top}")
    words = driver.find_elements(By.CSS_SELECTOR, "thead abbr[title]")
    told = {word.text for word in words}
    ok({"total", "kvm/exit", "share"} <= told and all(word.get_attribute("title") for word in words), "headings are explained")


def check_filter(driver, word):
    rows = """return [...document.querySelectorAll("table tbody tr")].filter((row) => row.offsetParent).map((row) => row.innerText)"""
    before = driver.execute_script(rows)
    driver.find_element(By.TAG_NAME, "body").send_keys("/")
    field = driver.switch_to.active_element
    ok(field.get_attribute("id") == "filter" and field.get_attribute("value") == "", "/ goes to the filter")
    field.send_keys(word.upper())
    left = driver.execute_script(rows)
    told = driver.find_element(By.ID, "rows").text
    ok(left == [row for row in before if word.lower() in row.lower()] and 0 < len(left) < len(before), f"it leaves rows with {word}: {len(left)}")
    ok(told == f"{len(left):,} of {len(before):,} rows", f"and tells how many: {told}")
    ok(driver.find_elements(By.CSS_SELECTOR, "tfoot tr")[0].is_displayed(), "a total stays")
    field.send_keys(Keys.ESCAPE)
    ok(driver.execute_script(rows) == before, "Escape brings them all back")


def check_policy(driver):
    """The page's policy refuses a foreign script. This comes last, because the browser reports the refusal."""
    ran = driver.execute_script("""const script = document.createElement("script");
        script.textContent = "window.ran = true"; document.body.append(script); return window.ran ?? false""")
    ok(not ran, "a script that isn't the page's does not run")


def shoot(driver, page, width, scheme):
    """Give the window that width, check that nothing is wider, and keep a screenshot."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                           {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    wide = driver.execute_script("""return [document.documentElement.scrollWidth,
        ...[...document.querySelectorAll("body *")].filter((node) => !node.closest(".scroll"))
        .map((node) => Math.ceil(node.getBoundingClientRect().right))]""")
    ok(max(wide) <= width, f"nothing is wider than {width} pixels, {scheme}: {max(wide)}")
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "format": "png"})
    page.with_name(f"{page.stem}-{width}-{scheme}.png").write_bytes(base64.b64decode(shot["data"]))


def check_quiet(driver):
    said = [entry for entry in driver.get_log("browser")]
    ok(not said, f"the console is empty: {said}")
    asked = {message["params"]["request"]["url"] for message in
             (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
             if message["method"] == "Network.requestWillBeSent"}
    ok(asked == {driver.current_url.split("#")[0]}, f"nothing but the page itself is asked for: {asked}")


def check_data(page, runs):
    data = Data(page.read_text())
    ok([boot["report"] for boot in json.loads(data.text)["boots"]] == runs, "its data are the reports")
    text = page.read_text()
    wanted = {f"{kind}-src 'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"
              for kind, tag in (("style", "style"), ("script", "script"))
              for part in re.findall(f"<{tag}>(.*?)</{tag}>", text, re.S)}
    policy = re.search('Content-Security-Policy" content="([^"]*)"', text)[1].split("; ")
    ok(len(wanted) == 2 and set(policy) == wanted | {"default-src 'none'"}, "the policy has the style's and the script's hash, and no more")
    ok(data.names.count("script") == 2 and not {"img", "link", "iframe", "a"} & set(data.names), "two scripts, and nothing to load")


def main():
    page, *reports = [argument for argument in sys.argv[1:] if argument not in OPTIONS]
    page = pathlib.Path(page).resolve()
    runs = [json.loads(pathlib.Path(report).read_text())["runs"][0] for report in reports]
    check_data(page, runs)
    if "--static" not in OPTIONS:
        browse(page, runs)
    sys.exit(bool(failed))


def browse(page, runs):
    driver = start()
    try:
        driver.get(page.as_uri())
        for run, letter in zip(runs, (" A", " B") if len(runs) > 1 else ("",)):
            check_boot(driver, run, letter)
            check_details(driver, run, letter)
        if len(runs) > 1:
            check_compared(driver, *runs)
        check_plots(driver, 0 if "--no-plots" in OPTIONS else 1 if len(runs) == 1 else 3)
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                shoot(driver, page, width, scheme)
        check_sorting(driver, " A" if len(runs) > 1 else "")
        if "--no-plots" not in OPTIONS and all(row["reasons"] is not None for run in runs for row in run["phases"]):
            check_told(driver, runs)
        check_contents(driver)
        check_filter(driver, re.search("[a-z]{3,}", runs[0]["phases"][0]["name"])[0])
        check_quiet(driver)
        check_policy(driver)
    finally:
        driver.quit()


main()
