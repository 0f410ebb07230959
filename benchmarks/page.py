def table(results):
    out=[]
    for p in results:
        for c in p.contestants:
            if c.work: out.append(f"{p.name:10} {c.name:50} {c.median():8.2f} {p.ratio(c):6.2f} {c.goal} {c.note}")
            else: out.append(f"{p.name} {c.name} {c.note}")
    return "\n".join(out)
